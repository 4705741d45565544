using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chard.LocalHost.Tests.App;

namespace Chard.LocalHost.Tests.Durable;

public sealed class ManagementApiTests
{
    private const string Base = DurableApi.Base;

    [Fact]
    public async Task CheckStatusResponse_OfTheClient_Is202WithPascalCaseUrlsThatWork()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)]);

        using var response = await host.Http.PostAsync("/api/Begin?id=a%20b", null);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal(
            ["Id", "PurgeHistoryDeleteUri", "RestartPostUri", "ResumePostUri", "RewindPostUri", "SendEventPostUri", "StatusQueryGetUri",
                "SuspendPostUri", "TerminatePostUri"],
            body.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(response.Headers.Location?.OriginalString, body.GetProperty("StatusQueryGetUri").GetString());
        Assert.Contains("reason={", body.GetProperty("TerminatePostUri").GetString(), StringComparison.Ordinal);

        using var raised = await host.Http.PostAsJsonAsync(
            body.GetProperty("SendEventPostUri").GetString()!.Replace("{eventName}", "go", StringComparison.Ordinal), "x");
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        Assert.Equal("went x", (await host.EndAsync("a%20b")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task Status_ThroughAnInstancesLife_Is202Then200WithJsonValues()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)]);
        using var started = await host.Http.PostAsJsonAsync($"{Base}/orchestrators/flow/i1", new { a = 1 });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await host.StatusAsync("i1", "Running");

        using var running = await host.Http.GetAsync($"{Base}/instances/i1?showInput=false");
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), running.Headers.RetryAfter?.Delta);
        Assert.Equal(JsonValueKind.Null, (await running.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("input").ValueKind);

        await host.RaiseAsync("i1", "go", "y");
        await host.EndAsync("i1");
        using var ended = await host.Http.GetAsync($"{Base}/instances/i1");
        var body = await ended.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("Completed", body.GetProperty("runtimeStatus").GetString());
        Assert.Equal(1, body.GetProperty("input").GetProperty("a").GetInt32());
        Assert.Equal("went y", body.GetProperty("output").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", body.GetProperty("createdTime").GetString());
    }

    [Fact]
    public async Task Instance_ByItsState_AnswersEachCall()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)]);

        async Task<HttpStatusCode> Post(string path, HttpContent? content = null)
        {
            using var response = await host.Http.PostAsync($"{Base}/{path}", content ?? JsonContent.Create("v"));
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotFound, await Post("instances/no/terminate"));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync($"{Base}/instances/no")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, await Post("orchestrators/Flow/i2"));
        Assert.Equal(HttpStatusCode.Conflict, await Post("orchestrators/Flow/i2"));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("instances/i2/raiseEvent/go", new StringContent("v")));
        await host.StatusAsync("i2", "Running");
        Assert.Equal(HttpStatusCode.Accepted, await Post("instances/i2/suspend?reason=r"));
        await host.StatusAsync("i2", "Suspended");
        Assert.Equal(HttpStatusCode.Accepted, await Post("instances/i2/resume?reason=r"));
        Assert.Equal(HttpStatusCode.Accepted, await Post("instances/i2/terminate?reason=r"));
        Assert.Equal("r", (await host.EndAsync("i2")).GetProperty("output").GetString());
        Assert.Equal(HttpStatusCode.Gone, await Post("instances/i2/terminate"));
        Assert.Equal(HttpStatusCode.Gone, await Post("instances/i2/raiseEvent/go"));
        Assert.Equal(HttpStatusCode.OK, (await host.Http.DeleteAsync($"{Base}/instances/i2")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.DeleteAsync($"{Base}/instances/i2")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.DeleteAsync($"{Base}/instances")).StatusCode);
    }

    [Fact]
    public async Task FailedInstance_Is200WithItsMessageUnlessAnErrorIsAskedFor()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)]);
        await host.BeginAsync("FailsAtOnce", "f");
        await host.EndAsync("f");

        using var plain = await host.Http.GetAsync($"{Base}/instances/f");
        using var strict = await host.Http.GetAsync($"{Base}/instances/f?returnInternalServerErrorOnFailure=true");

        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        Assert.Equal(
            "System.InvalidOperationException: no {json}",
            (await plain.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("output").GetString());
        Assert.Equal(HttpStatusCode.InternalServerError, strict.StatusCode);
    }

    [Fact]
    public async Task Listing_InPages_GivesEveryInstanceOnce()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)]);
        foreach (var index in Enumerable.Range(0, 5))
        {
            await host.BeginAsync("Flow", $"p-{index}");
        }

        await host.BeginAsync("Flow", "other");
        var seen = new List<string?>();
        var token = string.Empty;
        do
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"{Base}/instances?top=2&instanceIdPrefix=p-&runtimeStatus=Running,Pending");
            request.Headers.Add("x-ms-continuation-token", token);
            using var response = await host.Http.SendAsync(request);
            var page = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.InRange(page.GetArrayLength(), 0, 2);
            seen.AddRange(page.EnumerateArray().Select(item => item.GetProperty("instanceId").GetString()));
            token = response.Headers.TryGetValues("x-ms-continuation-token", out var values) ? values.Single() : string.Empty;
        }
        while (token.Length > 0);

        Assert.Equal(["p-0", "p-1", "p-2", "p-3", "p-4"], seen.Order());
    }

    [Fact]
    public async Task Webhooks_WithEnableAuth_AskForTheKeyThatTheirLinksCarry()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)], o => o with { EnableAuth = true });
        using var response = await host.Http.PostAsync($"/api/Begin?id=k&code={host.Host.Keys!.Host}", null);
        var links = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Http.GetAsync($"{Base}/instances/k")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Http.GetAsync($"{Base}/instances/k?code={host.Host.Keys.Host}")).StatusCode);
        Assert.True((await host.Http.GetAsync(links.GetProperty("StatusQueryGetUri").GetString())).IsSuccessStatusCode);
    }

    [Fact]
    public async Task WaitForCompletion_OfAFinishedInstance_GivesItsOutcome()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)]);

        using var response = await host.Http.GetAsync("/api/Wait");
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("Failed", body.GetProperty("RuntimeStatus").GetString());
        Assert.Equal("System.InvalidOperationException: no {json}", body.GetProperty("SerializedOutput").GetString());
    }

    [Fact]
    public async Task Entity_SignalledOverHttp_ShowsItsState()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)]);

        using var signalled = await host.Http.PostAsJsonAsync($"{Base}/entities/Total/a?op=Add", 4);
        Assert.Equal(HttpStatusCode.Accepted, signalled.StatusCode);
        await Eventually.TrueAsync(
            "the entity's state",
            async () => await host.Http.GetAsync($"{Base}/entities/total/a") is { IsSuccessStatusCode: true } answer
                && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("Sum").GetInt32() == 4);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync($"{Base}/entities/total/b")).StatusCode);
    }
}
