using System.Net;
using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;

namespace Chard.Functions.Tests.Api;

/// <summary>
/// What an operator asks of the API, by hand or through the dashboard: what is stuck, why, how much of it, and with what it began.
/// </summary>
[Collection(ApiTests.Name)]
public sealed class OperatorViewTests(ApiHost api)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task List_ByIdPrefix_IsInOrderOfIdsAndMeetsTheFilter()
    {
        foreach (string end in new[] { "c", "a", "b" })
        {
            await StartEchoAsync($"{_mark}-{end}", $$""", "owner": "{{(end == "b" ? "bob" : "ann")}}" """);
        }

        Assert.Equal([$"{_mark}-a", $"{_mark}-b", $"{_mark}-c"], await IdsAsync($"idPrefix={_mark}"));
        Assert.Equal([$"{_mark}-a", $"{_mark}-c"], await IdsAsync($"idPrefix={_mark}&owner=ann"));
        Assert.Equal([$"{_mark}-a"], await IdsAsync($"idPrefix={_mark}&limit=1"));
        Assert.Empty(await IdsAsync($"idPrefix={_mark}&before=2020-01-01T00:00:00Z"));
        Assert.Empty(await IdsAsync("idPrefix=no.id"));
        (await api.GetAsync($"/api/workflows?idPrefix={_mark}&continuation=t:0000000000000000000:x")).IsProblem(400, "invalid-request");
    }

    [Fact]
    public async Task List_ByErrorAndTime_HasThose()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-5);
        string failed = (await api.PostAsync(
            "/api/workflows", $$$"""{"task":"Fail","args":{"message":"no"},"retry":{"attempts":1},"stamps":["mark={{{_mark}}}"]}"""))
            .Text("id");
        await api.UntilAsync(failed, "failed");

        string ours = $"stamp=mark={_mark}&error=fail";
        Assert.Equal([failed], await IdsAsync(ours));
        Assert.Equal([failed], await IdsAsync($"error=fail&from={before:yyyy-MM-ddTHH:mm:ssZ}&stamp=mark={_mark}"));
        Assert.Empty(await IdsAsync($"{ours}&before={before:yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Empty(await IdsAsync($"stamp=mark={_mark}&error=other"));
    }

    [Fact]
    public async Task Cancel_ByOwnerAlone_TakesThoseOfTheOwner()
    {
        string id = (await api.PostAsync(
            "/api/workflows", $$$"""{"task":"Sleep","args":{"seconds":3600},"owner":"{{{_mark}}}"}""")).Text("id");
        await api.UntilAsync(id, "running");

        Answer answer = await api.PostAsync("/api/workflows/cancel", $$"""{"owner":"{{_mark}}","error":"none-has-failed"}""");
        Assert.Equal(0, answer.Json.GetProperty("matched").GetInt32());
        answer = await api.PostAsync("/api/workflows/cancel", $$"""{"owner":"{{_mark}}"}""");

        Assert.Equal(1, answer.Json.GetProperty("cancelled").GetInt32());
        await api.UntilAsync(id, "cancelled");
        (await api.PostAsync("/api/workflows/cancel", "{}")).IsProblem(400, "invalid-request");
    }

    [Fact]
    public async Task Groups_CountByTaskAndClassAndTime()
    {
        IDeadLetterStore store = api.Service<IDeadLetterStore>();
        DateTimeOffset first = DateTimeOffset.UtcNow.AddHours(-5);
        for (int i = 0; i < 6; i++)
        {
            await store.AddAsync(Letter(i, i < 4 ? "invalid" : "gone", i < 2, first.AddHours(i)), CancellationToken.None);
        }

        JsonElement found = (await api.GetAsync($"/api/dead-letters/groups?state=open&task={_mark}")).Json;

        Assert.Equal((6, false, 900), (
            found.GetProperty("total").GetInt32(), found.GetProperty("more").GetBoolean(), found.GetProperty("bucketSeconds").GetInt32()));
        JsonElement[] groups = [.. found.GetProperty("groups").EnumerateArray()];
        Assert.Equal(["invalid 4 2", "gone 2 0"], groups.Select(g =>
            $"{g.GetProperty("class").GetString()} {g.GetProperty("count").GetInt32()} {g.GetProperty("parked").GetInt32()}"));
        Assert.Equal($"{_mark}-3.0.0", groups[0].GetProperty("newest").GetString());
        Assert.Equal("no 3", groups[0].GetProperty("message").GetString());
        Assert.All(groups, g => Assert.Equal(
            g.GetProperty("count").GetInt32(), g.GetProperty("times").EnumerateArray().Sum(t => t.GetInt32())));
        Assert.Equal(4, groups[0].GetProperty("times").EnumerateArray().Count(t => t.GetInt32() == 1));

        Assert.Equal(4, Total(await api.GetAsync($"/api/dead-letters/groups?task={_mark}&class=invalid")));
        Assert.Equal(6, Total(await api.GetAsync($"/api/dead-letters/groups?stamp=mark={_mark}")));
        Assert.Equal(1, Total(await api.GetAsync($"/api/dead-letters/groups?workflowId={_mark}-5")));
        Assert.Equal(0, Total(await api.GetAsync($"/api/dead-letters/groups?state=retried&task={_mark}")));
        (await api.GetAsync("/api/dead-letters/groups?limit=3")).IsProblem(400, "invalid-request");

        static int Total(Answer answer) => answer.Json.GetProperty("total").GetInt32();
    }

    [Fact]
    public async Task Reasons_OfAParkedOne_NameItsLetterFirst()
    {
        string id = (await api.PostAsync("/api/workflows", """
            {"canvas":{"group":[{"task":"Sleep","args":{"seconds":3600}},
            {"task":"Fail","args":{"kind":"permanent","message":"no"},"onExhausted":"park"}]}}
            """)).Text("id");
        await api.UntilAsync(id, "parked");

        JsonElement[] reasons = await Eventually.SeenAsync(
            "both tasks are told", () => ReasonsAsync(id),
            found => found.Length == 2 && found[1].GetProperty("code").GetString() == "running");

        Assert.Equal(("parked", "0.1", "Fail", $"{id}.0.1.0"), (
            reasons[0].GetProperty("code").GetString(), reasons[0].GetProperty("path").GetString(),
            reasons[0].GetProperty("task").GetString(),
            reasons[0].GetProperty("deadLetter").GetString()));
        Assert.Equal(("0.0", "Sleep"), (reasons[1].GetProperty("path").GetString(), reasons[1].GetProperty("task").GetString()));

        await api.PostAsync($"/api/workflows/{id}/pause");
        Assert.Equal("paused", (await ReasonsAsync(id))[0].GetProperty("code").GetString());
        await api.PostAsync($"/api/workflows/{id}/cancel");
        Assert.Empty(await ReasonsAsync(id));
        (await api.GetAsync($"/api/workflows/{_mark}/reasons")).IsProblem(404, "workflow-not-found");
    }

    [Fact]
    public async Task Reasons_OfOneThatWaits_SayForWhat()
    {
        string later = (await api.PostAsync(
            "/api/workflows", $$"""{"task":"Echo","args":1,"startAt":"{{DateTimeOffset.UtcNow.AddHours(1):O}}"}""")).Text("id");
        Assert.Equal("startsLater", Assert.Single(await ReasonsAsync(later)).GetProperty("code").GetString());

        // A limit of 2.5 a second with a burst of that: the twentieth has to wait for seconds.
        string members = string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":1,"limit":"mail"}""", 40));
        string limited = (await api.PostAsync("/api/workflows", $$$"""{"canvas":{"group":[{{{members}}}]}}""")).Text("id");
        JsonElement reason = await Eventually.SeenAsync(
            "it waits for its limit",
            async () => (await ReasonsAsync(limited)).FirstOrDefault(r => r.GetProperty("code").GetString() == "limit"),
            found => found.ValueKind == JsonValueKind.Object);
        Assert.Equal("mail", reason.GetProperty("limit").GetString());
        await api.PostAsync($"/api/workflows/{limited}/cancel");
        await Eventually.TrueAsync(
            "nothing of it is left for other tests to wait behind", () => api.GetAsync("/api/limits").GetAwaiter().GetResult().Json
                .GetProperty("limits").EnumerateArray().All(l => l.GetProperty("waiting").GetInt32() == 0));

        string retried = (await api.PostAsync("/api/workflows", """
            {"task":"Flaky","args":{"failures":1,"value":1},"retry":{"attempts":3,"firstDelaySeconds":600}}
            """)).Text("id");
        reason = await Eventually.SeenAsync(
            "it waits for its next try",
            async () => (await ReasonsAsync(retried)).FirstOrDefault(r => r.GetProperty("code").GetString() == "retry"),
            found => found.ValueKind == JsonValueKind.Object);
        Assert.Equal("Flaky", reason.GetProperty("task").GetString());
        await api.PostAsync($"/api/workflows/{retried}/cancel");
    }

    [Fact]
    public async Task Stuck_OnlyThoseToWhichNothingHasHappened()
    {
        string id = await StartEchoAsync($"{_mark}-sleeps", task: "Sleep", args: """{"seconds":3600}""");
        await api.UntilAsync(id, "running");

        // Nothing is old enough in a test that does not wait: a minute is the least that may be asked for.
        JsonElement list = (await api.GetAsync("/api/stuck?minutes=1&limit=50")).Json;
        Assert.DoesNotContain(list.GetProperty("workflows").EnumerateArray(), w =>
            w.GetProperty("workflow").GetProperty("id").GetString() == id);
        await api.PostAsync($"/api/workflows/{id}/cancel");
        (await api.GetAsync("/api/stuck?minutes=0")).IsProblem(400, "invalid-request");
    }

    [Fact]
    public async Task Start_IsShownAsItWas()
    {
        string id = (await api.PostAsync(
            "/api/workflows", """{"canvas":{"chain":[{"task":"Echo","args":"$input"},{"task":"Echo"}]},"args":{"of":7}}""")).Text("id");
        await api.UntilAsync(id, "completed");

        JsonElement start = (await api.GetAsync($"/api/workflows/{id}/start")).Json;

        Assert.Equal("""{"chain":[{"task":"Echo","args":"$input"},{"task":"Echo"}]}""", start.GetProperty("canvas").GetRawText());
        Assert.Equal("""{"of":7}""", start.GetProperty("args").GetRawText());
        Assert.False(start.GetProperty("omitted").GetBoolean());

        id = await api.StartAsync(nameof(TestWorkflows.Answer), """{"n":1}""");
        await api.UntilAsync(id, "completed");
        start = (await api.GetAsync($"/api/workflows/{id}/start")).Json;
        Assert.Equal((nameof(TestWorkflows.Answer), JsonValueKind.Null), (
            start.GetProperty("orchestrator").GetString(), start.GetProperty("canvas").ValueKind));

        id = (await api.PostAsync("/api/workflows", $$"""{"task":"Echo","args":"{{new string('x', 300_000)}}"}""")).Text("id");
        await api.UntilAsync(id, "completed");
        start = (await api.GetAsync($"/api/workflows/{id}/start")).Json;
        Assert.True(start.GetProperty("omitted").GetBoolean());
        Assert.InRange(start.GetProperty("bytes").GetInt64(), 300_000, 301_000);
        (await api.GetAsync($"/api/workflows/{_mark}/start")).IsProblem(404, "start-gone");
    }

    [Fact]
    public async Task Task_ShowsItsResultUnlessItIsLarge()
    {
        string id = (await api.PostAsync("/api/workflows", $$$"""
            {"canvas":{"group":[{"task":"Echo","args":{"a":[1,2]}},{"task":"Echo","args":"{{{new string('x', 100_000)}}}"}]}}
            """)).Text("id");
        await api.UntilAsync(id, "completed");

        JsonElement task = (await api.GetAsync($"/api/workflows/{id}/tasks/0.0")).Json;
        Assert.Equal(("succeeded", """{"a":[1,2]}"""), (task.GetProperty("status").GetString(), task.GetProperty("result").GetRawText()));
        task = (await api.GetAsync($"/api/workflows/{id}/tasks/0.1")).Json;
        Assert.True(task.GetProperty("omitted").GetBoolean());
        Assert.Equal(100_002, task.GetProperty("resultBytes").GetInt64());
        (await api.GetAsync($"/api/workflows/{id}/tasks/0.2")).IsProblem(404, "task-not-found");
        (await api.GetAsync($"/api/workflows/{_mark}/tasks/0")).IsProblem(404, "workflow-not-found");
    }

    [Fact]
    public async Task Check_SaysWhatAStartWouldAndStartsNothing()
    {
        Answer answer = await api.PostAsync("/api/workflows?check=true", $$"""{"task":"Echo","args":1,"id":"{{_mark}}"}""");
        Assert.Equal((HttpStatusCode.OK, true), (answer.Status, answer.Json.GetProperty("valid").GetBoolean()));
        (await api.GetAsync($"/api/workflows/{_mark}")).IsProblem(404, "workflow-not-found");

        answer = (await api.PostAsync("/api/workflows?check=true", """{"task":"Square","args":"seven"}""")).IsProblem(400, "invalid-start");
        Assert.Equal("/args", answer.Json.GetProperty("faults")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Run_OfASchedule_StartsItNowAndOnceForAKey()
    {
        Answer first = await api.PostAsync("/api/schedules/new-year/run", null, ("Idempotency-Key", _mark));
        Answer again = await api.PostAsync("/api/schedules/new-year/run", null, ("Idempotency-Key", _mark));
        Answer other = await api.PostAsync("/api/schedules/new-year/run");

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal(first.Text("id"), again.Text("id"));
        Assert.NotEqual(first.Text("id"), other.Text("id"));
        await api.UntilAsync(first.Text("id"), "completed");
        Assert.Equal(
            """{"value":"A happy new year"}""", (await api.GetAsync($"/api/workflows/{first.Text("id")}/result")).Body);
        (await api.PostAsync("/api/schedules/nightly/run")).IsProblem(404, "schedule-not-found");
    }

    [Fact]
    public async Task Metrics_WithHistory_HasTheMinutes()
    {
        await api.UntilAsync(await StartEchoAsync($"{_mark}-counted"), "completed");

        JsonElement[] minutes = [.. (await api.GetAsync("/api/metrics?history=60")).Json.GetProperty("history").EnumerateArray()];

        Assert.InRange(minutes.Length, 1, 60);
        Assert.True(minutes.Sum(m => m.GetProperty("tasks").GetInt64()) > 0);
        Assert.True(minutes.Sum(m => m.GetProperty("workflows").GetInt64()) > 0);
        Assert.Contains(minutes, m => m.GetProperty("p95").ValueKind == JsonValueKind.Number);
        Assert.False((await api.GetAsync("/api/metrics")).Json.TryGetProperty("history", out _));
    }

    [Fact]
    public async Task Session_TellsTheRole()
    {
        Answer session = await api.GetAsync("/api/session");
        Assert.Equal("operator", session.Text("role"));
        Assert.StartsWith("chard", session.Text("hub"), StringComparison.OrdinalIgnoreCase);
        Assert.False(session.Json.GetProperty("readOnly").GetBoolean());
    }

    private DeadLetter Letter(int index, string failure, bool parked, DateTimeOffset at) => new()
    {
        Id = $"{_mark}-{index}.0.0",
        Origin = DeadLetterOrigin.Task,
        WorkflowId = $"{_mark}-{index}",
        Task = _mark,
        Path = "0",
        Class = failure,
        Kind = FailureKind.Permanent,
        Message = $"no {index}",
        Chain = [],
        Attempts = 1,
        Parked = parked,
        Stamps = [$"mark={_mark}"],
        CreatedAt = at,
    };

    private async Task<string> StartEchoAsync(string id, string more = "", string task = "Echo", string args = "1")
    {
        Answer answer = await api.PostAsync("/api/workflows", $$"""{"task":"{{task}}","args":{{args}},"id":"{{id}}"{{more}}}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return id;
    }

    private async Task<string[]> IdsAsync(string query) =>
        [.. (await api.GetAsync($"/api/workflows?{query}")).Json.GetProperty("workflows").EnumerateArray()
            .Select(w => w.GetProperty("id").GetString()!)];

    private async Task<JsonElement[]> ReasonsAsync(string id) =>
        [.. (await api.GetAsync($"/api/workflows/{id}/reasons")).Json.GetProperty("reasons").EnumerateArray()];
}
