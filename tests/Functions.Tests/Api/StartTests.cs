using System.Net;
using System.Text.Json;
using Chard.Starts;
using Chard.Status;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class StartTests(ApiHost api)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Start_ByName_RunsAndGivesTheResult()
    {
        Answer started = await api.PostAsync(
            "/api/workflows", """{"workflow":"answer","args":{"value":7},"owner":"ann","stamps":["batch=1"]}""");

        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        Assert.Equal("queued", started.Text("status"));
        string id = started.Text("id");
        Assert.Equal($"/api/workflows/{id}", started.Location?.AbsolutePath);
        Answer status = await api.UntilAsync(id, "completed");
        Assert.Equal("Answer", status.Text("workflow"));
        Assert.Equal("ann", status.Text("owner"));
        Assert.Equal("batch=1", status.Json.GetProperty("stamps")[0].GetString());
        Assert.Equal("""{"value":7}""", (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Fact]
    public async Task Start_SameIdSameBody_IsTheSameWorkflowWithItsPresentState()
    {
        string body = $$"""{"workflow":"Answer","args":{"a":1,"b":2},"id":"{{_mark}}"}""";
        string other = $$"""{ "id":"{{_mark}}", "args":{"b":2,"a":1}, "workflow":"Answer" }""";
        await api.PostAsync("/api/workflows", body);
        await api.UntilAsync(_mark, "completed");

        Answer again = await api.PostAsync("/api/workflows", other);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Equal("completed", again.Text("status"));
    }

    [Fact]
    public async Task Start_SameIdOtherBody_Is422AndChangesNothing()
    {
        await api.PostAsync("/api/workflows", $$"""{"workflow":"Answer","args":{"a":1},"id":"{{_mark}}"}""");
        (await api.PostAsync("/api/workflows", $$"""{"workflow":"Answer","args":{"a":2},"id":"{{_mark}}"}""")).IsProblem(422, "id-taken");

        await api.UntilAsync(_mark, "completed");
        Assert.Equal("""{"a":1}""", (await api.GetAsync($"/api/workflows/{_mark}/result")).Body);
    }

    [Fact]
    public async Task Start_SameKeySameBody_IsTheSameWorkflow()
    {
        (string, string) key = ("Idempotency-Key", $"order {_mark}");
        const string body = """{"workflow":"Answer","args":{"a":1}}""";
        string id = (await api.PostAsync("/api/workflows", body, key)).Text("id");

        Assert.Equal(id, (await api.PostAsync("/api/workflows", body, key)).Text("id"));
        (await api.PostAsync("/api/workflows", """{"workflow":"Answer","args":{"a":2}}""", key)).IsProblem(422, "idempotency-key-reused");
        Answer ofAnother = await api.PostAsync("/api/workflows", """{"workflow":"Answer","args":{"a":2},"owner":"bob"}""", key);
        Assert.Equal(HttpStatusCode.Accepted, ofAnother.Status);
        Assert.NotEqual(id, ofAnother.Text("id"));
    }

    [Fact]
    public async Task Start_ManyAtOnceWithOneKey_StartOne()
    {
        (string, string) key = ("Idempotency-Key", _mark);
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            api.PostAsync("/api/workflows", """{"workflow":"Wait"}""", key)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.Status));
        string id = Assert.Single(answers.Select(a => a.Text("id")).Distinct());
        await api.UntilAsync(id, "running");
        await api.Durable.RaiseEventAsync(id, "go", "once");
        await api.UntilAsync(id, "completed");
        Assert.Equal("\"once\"", (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Theory]
    [InlineData("tab\tbed")]
    [InlineData("")]
    public async Task Start_BadKey_Is400(string key) =>
        (await api.PostAsync("/api/workflows", """{"workflow":"Answer"}""", ("Idempotency-Key", key))).IsProblem(400, "invalid-start");

    [Fact]
    public async Task Start_LongestKey_IsTakenAndALongerOneIsNot()
    {
        Assert.Equal(
            HttpStatusCode.Accepted,
            (await api.PostAsync("/api/workflows", """{"workflow":"Answer"}""", ("Idempotency-Key", _mark.PadRight(255, 'k')))).Status);
        (await api.PostAsync("/api/workflows", """{"workflow":"Answer"}""", ("Idempotency-Key", new string('k', 256))))
            .IsProblem(400, "invalid-start");
        (await api.PostAsync("/api/workflows", $$"""{"workflow":"Answer","id":"{{_mark}}"}""", ("Idempotency-Key", "k")))
            .IsProblem(400, "invalid-start");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    [InlineData("{}", "")]
    [InlineData("""{"workflow":"Nope"}""", "/workflow")]
    [InlineData("""{"workflow":7}""", "/workflow")]
    [InlineData("""{"workflow":"Answer","workflow":"Wait"}""", "")]
    [InlineData("""{"workflow":"Answer","wrokflow":"x"}""", "/wrokflow")]
    [InlineData("""{"workflow":"Answer","a/b~c":1}""", "/a~1b~0c")]
    [InlineData("""{"workflow":"Answer","id":"a b"}""", "/id")]
    [InlineData("""{"workflow":"Answer","id":7}""", "/id")]
    [InlineData("""{"workflow":"Answer","owner":""}""", "/owner")]
    [InlineData("""{"workflow":"Answer","owner":"\ud800"}""", "")]
    [InlineData("""{"workflow":"Answer","stamps":["a","a"]}""", "/stamps")]
    [InlineData("""{"workflow":"Answer","stamps":"a"}""", "/stamps")]
    [InlineData("""{"workflow":"Answer","expiresIn":0}""", "/expiresIn")]
    [InlineData("""{"workflow":"Answer","expiresIn":1e999}""", "/expiresIn")]
    [InlineData("""{"workflow":"Answer","startAt":"tomorrow"}""", "/startAt")]
    [InlineData("""{"workflow":"Answer","startAt":"2030-01-31T12:00:00"}""", "/startAt")]
    [InlineData("""{"workflow":"Answer","startAt":"9999-01-01T00:00:00Z"}""", "/startAt")]
    [InlineData("""{"workflow":"Answer","args":{"refuse":1}}""", "/args/refuse")]
    public async Task Start_BadDocument_Is400WithAPointer(string body, string pointer)
    {
        Answer answer = (await api.PostAsync("/api/workflows", body)).IsProblem(400, "invalid-start");
        Assert.Contains(answer.Json.GetProperty("faults").EnumerateArray(), f => f.GetProperty("pointer").GetString() == pointer);
    }

    [Fact]
    public async Task Start_TooLarge_Is413()
    {
        string body = $$"""{"workflow":"Answer","args":"{{new string('x', StartDocument.MaxBytes)}}"}""";
        (await api.PostAsync("/api/workflows", body)).IsProblem(413, "body-too-large");
    }

    [Fact]
    public async Task Start_LargeArgsAndResult_TravelByReference()
    {
        string args = "\"" + new string('x', 100_000) + "\"";
        string id = await api.StartAsync("Answer", args);
        await api.UntilAsync(id, "completed");

        Answer result = await api.GetAsync($"/api/workflows/{id}/result");
        Assert.Equal("application/json", result.ContentType);
        Assert.Equal(args, result.Body);
        Assert.Contains($"{id}/result", api.Payloads.Names);

        api.Payloads.Remove($"{id}/result");
        (await api.GetAsync($"/api/workflows/{id}/result")).IsProblem(410, "result-gone");
    }

    [Fact]
    public async Task Start_CrashBeforeScheduling_IsMadeUpForByTheSweep()
    {
        var store = api.Service<IWorkflowStatusStore>();
        DateTimeOffset past = DateTimeOffset.UtcNow.AddMinutes(-1);
        await store.TryAddAsync(
            new() { Id = _mark, Workflow = "Answer", Status = Domain.Workflows.WorkflowStatus.Queued, CreatedAt = past, UpdatedAt = past },
            new("hash", "Answer", past, JsonElement.Parse("5")),
            CancellationToken.None);

        await api.UntilAsync(_mark, "completed");
        Assert.Equal("5", (await api.GetAsync($"/api/workflows/{_mark}/result")).Body);
    }

    [Fact]
    public async Task Start_InstanceScheduledAgainAfterTheEnd_DoesNothing()
    {
        string id = await api.StartAsync("Wait");
        await api.UntilAsync(id, "running");
        await api.Durable.RaiseEventAsync(id, "go", "first");
        Answer before = await api.UntilAsync(id, "completed");

        await api.Durable.WaitForInstanceCompletionAsync(id);
        await api.Durable.ScheduleNewOrchestrationInstanceAsync("Wait", null, new Microsoft.DurableTask.StartOrchestrationOptions(id));
        OrchestrationMetadata second = await api.Durable.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

        Assert.Null(second.ReadOutputAs<string>());
        Assert.Equal(before.Tag, (await api.GetAsync($"/api/workflows/{id}")).Tag);
    }
}
