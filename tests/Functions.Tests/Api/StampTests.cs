using System.Net;
using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Testing;

namespace Chard.Functions.Tests.Api;

/// <summary>Lists, cancels and resolves by stamp.</summary>
[Collection(ApiTests.Name)]
public sealed class StampTests(ApiHost api)
{
    private readonly string _stamp = "batch=" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task List_ByStamp_PagesThroughItsWorkflowsAndNoOthers()
    {
        string[] ids = await StartAsync("Answer", 5, _stamp);
        await StartAsync("Answer", 2, _stamp + "0");
        await StartAsync("Answer", 1, _stamp[..^1]);
        string waiting = (await StartAsync("Wait", 1, _stamp))[0];
        await api.UntilAsync(waiting, "running");
        await Task.WhenAll(ids.Select(id => api.UntilAsync(id, "completed")));

        var seen = new List<string>();
        string? continuation = null;
        do
        {
            Answer page = await api.GetAsync(
                $"/api/workflows?stamp={Uri.EscapeDataString(_stamp)}&limit=2"
                    + (continuation is null ? "" : "&continuation=" + Uri.EscapeDataString(continuation)));
            seen.AddRange(page.Json.GetProperty("workflows").EnumerateArray().Select(w => w.GetProperty("id").GetString()!));
            continuation = page.Json.GetProperty("continuation").GetString();
        }
        while (continuation is not null);

        Assert.Equal([waiting, .. ids.Reverse()], seen);
        Assert.Equal([waiting], await ListAsync("&status=running"));
        Assert.Equal([waiting], await ListAsync("&workflow=Wait"));
        Assert.Empty(await ListAsync("&owner=nobody"));
        await api.PostAsync($"/api/workflows/{waiting}/cancel");
    }

    [Fact]
    public async Task Start_StampsOfWorkflowAndNodes_AreShownWithTheTasks()
    {
        Answer started = await api.PostAsync(
            "/api/workflows",
            $$"""{"canvas":{"chain":[{"task":"Echo","args":1},"""
                + $$"""{"task":"Echo","stamps":["step:2"]}],"stamps":["all"]},"stamps":["{{_stamp}}"]}""");
        await api.UntilAsync(started.Text("id"), "completed");

        Answer status = await api.GetAsync($"/api/workflows/{started.Text("id")}?tasks=true");
        string[] stamps = [.. status.Json.GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("stamps").GetRawText())];
        Assert.Equal([$"""["{_stamp}","all"]""", $"""["{_stamp}","all","step:2"]"""], stamps);
    }

    [Fact]
    public async Task Start_MoreStampsThanSixteenTogether_Is400AtTheNode()
    {
        string many = string.Join(',', Enumerable.Range(0, 16).Select(i => $"\"s{i}\""));
        Answer answer = (await api.PostAsync(
            "/api/workflows",
            """{"canvas":{"chain":[{"task":"Echo","args":1},{"task":"Echo","stamps":["s3","one more"]},"""
                + $$"""{"task":"Echo","stamps":["t"]}]},"stamps":[{{many}}]}"""))
            .IsProblem(400, "invalid-start");

        Assert.Equal(
            ["/canvas/chain/1/stamps", "/canvas/chain/2/stamps"],
            answer.Json.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("pointer").GetString()!));
    }

    [Fact]
    public async Task Cancel_ByStamp_EndsTheUnfinishedInBoundedCalls()
    {
        string done = (await StartAsync("Answer", 1, _stamp))[0];
        await api.UntilAsync(done, "completed");
        string[] ids = await StartAsync("Wait", 5, _stamp);
        string other = (await StartAsync("Wait", 1, _stamp + ".5"))[0];
        await Task.WhenAll(ids.Append(other).Select(id => api.UntilAsync(id, "running")));

        Answer first = await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}","limit":3}""");
        Assert.Equal((HttpStatusCode.OK, 3, 3), (first.Status, Number(first, "matched"), Number(first, "cancelled")));
        Assert.Empty(first.Json.GetProperty("refused").EnumerateArray());
        Answer second = await api.PostAsync(
            "/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}","limit":3,"continuation":"{{first.Text("continuation")}}"}""");
        Assert.Equal((2, 2), (Number(second, "matched"), Number(second, "cancelled")));
        Assert.Null(second.Json.GetProperty("continuation").GetString());

        foreach (string id in ids)
        {
            Assert.Equal("cancelled", (await api.GetAsync($"/api/workflows/{id}")).Text("status"));
            await api.Durable.WaitForInstanceCompletionAsync(id);
        }

        Assert.Equal("completed", (await api.GetAsync($"/api/workflows/{done}")).Text("status"));
        Assert.Equal("running", (await api.GetAsync($"/api/workflows/{other}")).Text("status"));
        Assert.Equal(0, Number(await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}"}"""), "matched"));
        await api.PostAsync($"/api/workflows/{other}/cancel");
    }

    [Fact]
    public async Task Cancel_ByStampAndMore_TakesThoseThatMeetAll()
    {
        string mine = await api.StartAsync("Wait", "{}", $$""","owner":"ann","stamps":["{{_stamp}}"]""");
        string hers = await api.StartAsync("Wait", "{}", $$""","owner":"bea","stamps":["{{_stamp}}"]""");
        await api.UntilAsync(mine, "running");
        await api.UntilAsync(hers, "running");

        Assert.Equal(
            0, Number(await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}","workflow":"Answer"}"""), "matched"));
        Assert.Equal(0, Number(await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}","status":"parked"}"""), "matched"));
        Assert.Equal(1, Number(
            await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}","owner":"ann","status":"running"}"""), "cancelled"));

        Assert.Equal("cancelled", (await api.GetAsync($"/api/workflows/{mine}")).Text("status"));
        Assert.Equal("running", (await api.GetAsync($"/api/workflows/{hers}")).Text("status"));
        await api.PostAsync($"/api/workflows/{hers}/cancel");
    }

    [Fact]
    public async Task Cancel_ManyCallersAtOnce_EndsEachOnceAndRefusesNone()
    {
        string[] ids = await StartAsync("Wait", 12, _stamp);

        Answer[] answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}"}""")));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
        Assert.All(answers, a => Assert.Equal(Number(a, "matched"), Number(a, "cancelled")));
        foreach (string id in ids)
        {
            Answer status = await api.GetAsync($"/api/workflows/{id}");
            Assert.Equal("cancelled", status.Text("status"));
            Assert.True(status.Tag is "\"2\"" or "\"3\"", status.Tag); // queued, perhaps running, and cancelled once
        }
    }

    [Fact]
    public async Task PauseAndResume_ByStamp_HoldAndLetGo()
    {
        string[] ids = await StartAsync("Wait", 3, _stamp);
        await Task.WhenAll(ids.Select(id => api.UntilAsync(id, "running")));
        string queued = await api.StartAsync(
            "Answer", "{}", $$""","startAt":"{{DateTimeOffset.UtcNow.AddHours(1):O}}","stamps":["{{_stamp}}"]""");

        Answer paused = await api.PostAsync("/api/workflows/pause", $$"""{"stamp":"{{_stamp}}"}""");
        Assert.Equal((4, 3), (Number(paused, "matched"), Number(paused, "paused")));
        JsonElement refused = Assert.Single(paused.Json.GetProperty("refused").EnumerateArray());
        Assert.Equal(
            (queued, "The workflow is queued and cannot be paused."),
            (refused.GetProperty("id").GetString(), refused.GetProperty("reason").GetString()));
        Assert.Equal(ids.Order(), (await ListAsync("&status=paused")).Order());

        Answer resumed = await api.PostAsync("/api/workflows/resume", $$"""{"stamp":"{{_stamp}}"}""");
        Assert.Equal((3, 3), (Number(resumed, "matched"), Number(resumed, "resumed")));
        Assert.Equal(ids.Order(), (await ListAsync("&status=running")).Order());
        Assert.Equal(4, Number(await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}"}"""), "cancelled"));
    }

    [Theory]
    [InlineData("cancel", "{}")]
    [InlineData("cancel", "[]")]
    [InlineData("cancel", """{"stamp":"two words"}""")]
    [InlineData("cancel", """{"stamp":["a"]}""")]
    [InlineData("cancel", """{"stamp":"a","status":"completed"}""")]
    [InlineData("cancel", """{"stamp":"a","limit":1001}""")]
    [InlineData("cancel", """{"stamp":"a","continuation":"x"}""")]
    [InlineData("pause", """{"stamp":"a","status":"paused"}""")]
    [InlineData("resume", """{"stamp":"a","status":"running"}""")]
    public async Task Act_BadBody_Is400(string action, string body) =>
        (await api.PostAsync($"/api/workflows/{action}", body)).IsProblem(400, "invalid-request");

    [Theory]
    [InlineData("workflows?stamp=")]
    [InlineData("workflows?stamp=a%20b")]
    [InlineData("workflows?stamp=a'b")]
    [InlineData("workflows?stamp=a~b")]
    [InlineData("dead-letters?stamp=a/b")]
    [InlineData("dead-letters?stamp=a&stamp=b")]
    public async Task List_BadStamp_Is400(string query) => (await api.GetAsync("/api/" + query)).IsProblem(400, "invalid-request");

    [Theory]
    [InlineData("retry", "", "retried", "retried")]
    [InlineData("skip", ""","result":[1]""", "resolved", "skipped")]
    [InlineData("fail", "", "resolved", "failed")]
    [InlineData("discard", "", "resolved", "discarded")]
    public async Task Resolve_ByStamp_ResolvesTheOpenOnesInBoundedCalls(string action, string more, string count, string state)
    {
        var parked = new List<(string Workflow, string Id)>();
        for (int i = 0; i < 4; i++)
        {
            parked.Add(await ParkAsync(_stamp, "x"));
        }

        (string otherFlow, string other) = await ParkAsync(_stamp + "0");
        await api.PostAsync($"/api/dead-letters/{parked[0].Id}/discard");

        string body = $$"""{"stamp":"{{_stamp}}","limit":2,"by":"ann"{{more}}""";
        Answer first = await api.PostAsync($"/api/dead-letters/{action}", body + "}");
        Answer second = await api.PostAsync(
            $"/api/dead-letters/{action}", body + $$""","continuation":"{{first.Text("continuation")}}"}""");

        Assert.Equal((2, 2, 1, 1), (Number(first, "matched"), Number(first, count), Number(second, "matched"), Number(second, count)));
        Assert.Null(second.Json.GetProperty("continuation").GetString());
        Assert.Equal(
            parked.Skip(1).Select(p => p.Id).Order(), (await LettersAsync($"&state={state}")).Where(id => id != parked[0].Id).Order());
        await Task.WhenAll(parked.Select(p => api.UntilAsync(p.Workflow, "completed")));
        string told = (await api.GetAsync($"/api/workflows/{parked[1].Workflow}/result")).Body;
        Assert.StartsWith("\"" + action, told, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("by=ann", told, StringComparison.Ordinal);
        Assert.Equal(action == "skip", told.Contains("result=[1]", StringComparison.Ordinal));
        Assert.Equal("open", (await api.GetAsync($"/api/dead-letters/{other}")).Text("state"));
        await api.PostAsync($"/api/workflows/{otherFlow}/cancel");
    }

    [Fact]
    public async Task Skip_NobodyWaits_IsRefusedWithTheReason()
    {
        string id = await AddAsync("nobody-" + _stamp[^12..], parked: false, _stamp);

        Answer answer = await api.PostAsync("/api/dead-letters/skip", $$"""{"stamp":"{{_stamp}}"}""");

        Assert.Equal((1, 0), (Number(answer, "matched"), Number(answer, "resolved")));
        JsonElement refused = Assert.Single(answer.Json.GetProperty("refused").EnumerateArray());
        Assert.Equal(
            (id, "No workflow waits for it; it can only be retried or discarded."),
            (refused.GetProperty("id").GetString(), refused.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("skip", "{}")]
    [InlineData("fail", """{"task":"T","result":1}""")]
    [InlineData("discard", """{"stamp":"a b"}""")]
    [InlineData("retry", """{"stamp":"a","args":1}""")]
    public async Task Resolve_BadBody_Is400(string action, string body) =>
        (await api.PostAsync($"/api/dead-letters/{action}", body)).IsProblem(400, "invalid-request");

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task Start_AWriteFails_IsListedOnceByItsStamp(int write, bool applied)
    {
        try
        {
            api.App.Storage.Fail(IsTransaction, StorageFault.NoAnswer with { IsApplied = applied }, skip: write);
            string id = (await StartAsync("Answer", 1, _stamp))[0];
            await api.UntilAsync(id, "completed");

            Assert.Equal([id], await ListAsync("&status=completed"));
            Assert.Contains(api.App.Storage.Calls, c => c.IsFaulted);
        }
        finally
        {
            api.App.Storage.Heal();
            api.App.Storage.Clear();
        }
    }

    [Fact]
    public async Task Cancel_ByStampAndStorageGoesAway_Is503AndTheSameCallDoesTheRest()
    {
        string[] ids = await StartAsync("Wait", 3, _stamp);
        await Task.WhenAll(ids.Select(id => api.UntilAsync(id, "running")));
        try
        {
            api.App.Storage.Fail(IsTransaction, StorageFault.Busy, times: 12);
            (await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}"}""")).IsProblem(503, "storage-unavailable");
        }
        finally
        {
            api.App.Storage.Heal();
            api.App.Storage.Clear();
        }

        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/api/workflows/cancel", $$"""{"stamp":"{{_stamp}}"}""")).Status);
        Assert.Equal(ids.Order(), (await ListAsync("&status=cancelled")).Order());
    }

    private static bool IsTransaction(StorageCall call) =>
        call is { Service: StorageService.Table, Method: "POST" } && call.Path.EndsWith("$batch", StringComparison.Ordinal);

    private static int Number(Answer answer, string member) => answer.Json.GetProperty(member).GetInt32();

    private async Task<string[]> StartAsync(string workflow, int count, string stamp)
    {
        var ids = new string[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = await api.StartAsync(workflow, "{}", $$""","stamps":["x","{{stamp}}"]""");
        }

        return ids;
    }

    private async Task<string[]> ListAsync(string more) =>
        [.. (await api.GetAsync($"/api/workflows?stamp={_stamp}{more}"))
            .Json.GetProperty("workflows").EnumerateArray().Select(w => w.GetProperty("id").GetString()!)];

    private async Task<string[]> LettersAsync(string more) =>
        [.. (await api.GetAsync($"/api/dead-letters?stamp={_stamp}{more}"))
            .Json.GetProperty("deadLetters").EnumerateArray().Select(w => w.GetProperty("id").GetString()!)];

    private async Task<(string Workflow, string Id)> ParkAsync(params string[] stamps)
    {
        string workflow = await api.StartAsync("Parked");
        await api.UntilAsync(workflow, "running");
        return (workflow, await AddAsync(workflow, parked: true, stamps));
    }

    private async Task<string> AddAsync(string workflow, bool parked, params string[] stamps)
    {
        string id = DeadLetterId.OfTask(workflow, "0", 0);
        await api.Service<IDeadLetterStore>().AddAsync(
            new()
            {
                Id = id, WorkflowId = workflow, InstanceId = parked
                    ? workflow : null, Task = "Echo", Path = "0", Class = "c", Message = "m", Attempts = 6,
                Args = JsonElement.Parse("1"), Parked = parked, Stamps = stamps, CreatedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);
        return id;
    }
}
