using System.Net;
using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class DeadLetterApiTests(ApiHost api)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Get_One_IsTheDocument()
    {
        string id = await AddAsync("nobody", parked: false);
        Answer answer = await api.GetAsync($"/api/dead-letters/{id}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(("open", "task", "InvalidSku"), (answer.Text("state"), answer.Text("origin"), answer.Text("class")));
        Assert.Equal("""{"value":1}""", answer.Json.GetProperty("args").GetRawText());
        Assert.EndsWith(
            $"/api/dead-letters/{id}", answer.Json.GetProperty("links").GetProperty("self").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retry", """{"args":{"value":2},"by":"ann"}""", "retried", """Retry args={"value":2} result= by=ann ref=""")]
    [InlineData("retry", null, "retried", "Retry args= result= by= ref=")]
    [InlineData("skip", """{"result":[1,2]}""", "skipped", "Skip args= result=[1,2] by= ref=")]
    [InlineData("fail", """{"by":"bob"}""", "failed", "Fail args= result= by=bob ref=")]
    [InlineData("discard", null, "discarded", "Discard args= result= by= ref=")]
    public async Task Resolve_Parked_TellsTheWaitingWorkflow(string action, string? body, string state, string told)
    {
        (string workflow, string id) = await ParkAsync();

        Answer answer = await api.PostAsync($"/api/dead-letters/{id}/{action}", body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(state, answer.Text("state"));
        await api.UntilAsync(workflow, "completed");
        Assert.Equal(told, JsonSerializer.Deserialize<string>((await api.GetAsync($"/api/workflows/{workflow}/result")).Body));
        Assert.DoesNotContain(id, await api.Service<IDeadLetterStore>().GetUndeliveredAsync(1000, CancellationToken.None));
    }

    [Fact]
    public async Task Resolve_LargeArgs_TravelByReference()
    {
        (string workflow, string id) = await ParkAsync();
        await api.PostAsync($"/api/dead-letters/{id}/retry", $$"""{"args":"{{new string('x', 100_000)}}"}""");

        await api.UntilAsync(workflow, "completed");
        Assert.Contains("ref=100002", (await api.GetAsync($"/api/workflows/{workflow}/result")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_ManyOperatorsAtOnce_OneWins()
    {
        (string workflow, string id) = await ParkAsync();
        string[] actions = ["retry", "skip", "fail", "discard", "retry", "skip", "fail", "discard"];
        Answer[] answers = await Task.WhenAll(
            actions.Select((a, i) => api.PostAsync($"/api/dead-letters/{id}/{a}", $$"""{"by":"op{{i}}"}""")));

        Answer winner = Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a != winner), a => a.IsProblem(409, "wrong-state"));
        Answer now = await api.GetAsync($"/api/dead-letters/{id}");
        Assert.Equal(winner.Text("resolvedBy"), now.Text("resolvedBy"));
        await api.UntilAsync(workflow, "completed");
        Assert.Contains(
            $"by={winner.Text("resolvedBy")}", (await api.GetAsync($"/api/workflows/{workflow}/result")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_AfterDiscard_Is409AndChangesNothing()
    {
        string id = await AddAsync("nobody", parked: false);
        await api.PostAsync($"/api/dead-letters/{id}/discard");

        Answer refused = (await api.PostAsync($"/api/dead-letters/{id}/retry")).IsProblem(409, "wrong-state");
        Assert.Equal("discarded", refused.Text("state"));
        Assert.Equal("discarded", (await api.GetAsync($"/api/dead-letters/{id}")).Text("state"));
    }

    [Theory]
    [InlineData("skip")]
    [InlineData("fail")]
    public async Task Resolve_NobodyWaits_Is409(string action)
    {
        string id = await AddAsync("nobody", parked: false);
        (await api.PostAsync($"/api/dead-letters/{id}/{action}")).IsProblem(409, "wrong-state");
        Assert.Equal("open", (await api.GetAsync($"/api/dead-letters/{id}")).Text("state"));
    }

    [Fact]
    public async Task Resolve_UndeliveredAfterACrash_IsDeliveredByTheSweep()
    {
        (string workflow, string id) = await ParkAsync();
        var store = api.Service<IDeadLetterStore>();
        DeadLetter letter = (await store.GetAsync(id, CancellationToken.None))!;
        await store.TryResolveAsync(
            letter with
            {
                State = DeadLetterState.Failed, ResolvedAt = DateTimeOffset.UtcNow, Resolution = new(DeadLetterAction.Fail, By: "crash")
            },
            deliver: true, CancellationToken.None);

        await api.UntilAsync(workflow, "completed");
        Assert.Contains("by=crash", (await api.GetAsync($"/api/workflows/{workflow}/result")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetryAll_ByFilter_RetriesTheOpenOnesInBoundedCalls()
    {
        string task = "Bulk" + _mark;
        var parked = new List<(string Workflow, string Id)>();
        for (int i = 0; i < 5; i++)
        {
            parked.Add(await ParkAsync(task));
        }

        await AddAsync("unknown-task", parked: false, task);
        Answer first = await api.PostAsync(
            "/api/dead-letters/retry", $$"""{"task":"{{task}}","class":"InvalidSku","limit":4,"by":"ann"}""");
        Assert.Equal(4, first.Json.GetProperty("matched").GetInt32());
        string continuation = first.Text("continuation");
        Answer second = await api.PostAsync(
            "/api/dead-letters/retry", $$"""{"task":"{{task}}","class":"InvalidSku","limit":4,"continuation":"{{continuation}}"}""");

        Assert.Equal(2, second.Json.GetProperty("matched").GetInt32());
        Assert.Null(second.Json.GetProperty("continuation").GetString());
        Assert.Equal(5, first.Json.GetProperty("retried").GetInt32() + second.Json.GetProperty("retried").GetInt32());
        await Task.WhenAll(parked.Select(p => api.UntilAsync(p.Workflow, "completed")));
        Answer open = await api.GetAsync($"/api/dead-letters?task={task}&state=open");
        Assert.Single(open.Json.GetProperty("deadLetters").EnumerateArray());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"all":"yes"}""")]
    [InlineData("""{"task":""}""")]
    [InlineData("""{"task":"T","limit":1001}""")]
    [InlineData("""{"task":"T","continuation":"x"}""")]
    [InlineData("""{"task":"T","from":"yesterday"}""")]
    [InlineData("""{"state":"open"}""")]
    public async Task RetryAll_BadBody_Is400(string body) =>
        (await api.PostAsync("/api/dead-letters/retry", body)).IsProblem(400, "invalid-request");

    [Theory]
    [InlineData("GET", "/api/dead-letters?state=closed")]
    [InlineData("GET", "/api/dead-letters?from=x")]
    [InlineData("GET", "/api/dead-letters?limit=abc")]
    [InlineData("GET", "/api/dead-letters/a%20b")]
    [InlineData("POST", "/api/dead-letters/a%20b/retry")]
    public async Task Request_Bad_Is400(string method, string path) =>
        (await api.SendAsync(new(method), path, null)).IsProblem(400, "invalid-request");

    [Fact]
    public async Task Resolve_BadBody_Is400AndChangesNothing()
    {
        string id = await AddAsync("nobody", parked: false);
        (await api.PostAsync($"/api/dead-letters/{id}/discard", """{"result":1}""")).IsProblem(400, "invalid-request");
        (await api.PostAsync($"/api/dead-letters/{id}/discard", "nope")).IsProblem(400, "invalid-request");
        (await api.PostAsync($"/api/dead-letters/{id}/discard", """{"by":7}""")).IsProblem(400, "invalid-request");
        (await api.PostAsync($"/api/dead-letters/{id}/discard", $$"""{"by":"{{new string('x', 300_000)}}"}"""))
            .IsProblem(413, "body-too-large");
        Assert.Equal("open", (await api.GetAsync($"/api/dead-letters/{id}")).Text("state"));
        (await api.PostAsync($"/api/dead-letters/{_mark}.0.0/discard")).IsProblem(404, "dead-letter-not-found");
    }

    [Fact]
    public async Task List_Filters_Combine()
    {
        string task = "List" + _mark;
        string id = await AddAsync("a", parked: false, task);
        await AddAsync("b", parked: false, task);

        Answer one = await api.GetAsync($"/api/dead-letters?task={task}&workflowId={_mark}-a&class=InvalidSku&from=2020-01-01T00:00:00Z");
        Assert.Equal(id, Assert.Single(one.Json.GetProperty("deadLetters").EnumerateArray()).GetProperty("id").GetString());
        Answer page = await api.GetAsync($"/api/dead-letters?task={task}&limit=1");
        Answer next = await api.GetAsync(
            $"/api/dead-letters?task={task}&limit=1&continuation={Uri.EscapeDataString(page.Text("continuation"))}");
        Assert.NotEqual(
            page.Json.GetProperty("deadLetters")[0].GetProperty("id").GetString(),
            next.Json.GetProperty("deadLetters")[0].GetProperty("id").GetString());
        Assert.Null(next.Json.GetProperty("continuation").GetString());
    }

    private async Task<(string Workflow, string Id)> ParkAsync(string task = "Echo")
    {
        string workflow = await api.StartAsync("Parked");
        await api.UntilAsync(workflow, "running");
        return (workflow, await AddAsync(workflow, parked: true, task));
    }

    private async Task<string> AddAsync(string workflow, bool parked, string task = "Echo")
    {
        string workflowId = parked ? workflow : $"{_mark}-{workflow}";
        string id = DeadLetterId.OfTask(workflowId, "0", 0);
        await api.Service<IDeadLetterStore>().AddAsync(
            new()
            {
                Id = id, WorkflowId = workflowId, InstanceId = parked ? workflowId : null, Task = task, Path = "0", Class = "InvalidSku",
                Message = "There is no such thing.", Attempts = 6, Args = JsonElement.Parse("""{"value":1}"""), Parked = parked,
                CreatedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);
        return id;
    }
}
