using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Starts;
using Chard.Status;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class TasksApiTests(ApiHost api)
{
    [Fact]
    public async Task List_HasEveryTaskWithSchemasAndPolicy()
    {
        Answer answer = await api.GetAsync("/api/tasks");
        JsonElement[] tasks = [.. answer.Json.GetProperty("tasks").EnumerateArray()];

        Assert.Equal(api.Service<TaskCatalogue>().All.Select(t => t.Name), tasks.Select(t => t.GetProperty("name").GetString()));
        JsonElement sleep = Assert.Single(tasks, t => t.GetProperty("name").GetString() == "Sleep");
        Assert.True(sleep.GetProperty("args").GetProperty("properties").TryGetProperty("seconds", out _), sleep.ToString());
        Assert.Equal(6, sleep.GetProperty("policy").GetProperty("attempts").GetInt32());
        (await api.GetAsync("/api/tasks?limit=1")).IsProblem(400, "invalid-request");
    }

    [Fact]
    public async Task Get_WithTasks_HasTheirRowsInOrder()
    {
        string id = await api.StartAsync("Answer");
        await api.UntilAsync(id, "completed");
        var ledger = api.Service<ILedgerStore>();
        foreach (string path in (string[])["10", "9", "2.1", "2"])
        {
            await ledger.TryAddAsync(
                new()
                {
                    Key = new(id, null, path), Task = "Echo", Turn = new(0, 1, 0), Status = LedgerStatus.Running, Runner = "r",
                    StartedAt = DateTimeOffset.UtcNow, LeaseUntil = DateTimeOffset.UtcNow, Progress = new(1, 2, "half"),
                },
                CancellationToken.None);
        }

        Answer answer = await api.GetAsync($"/api/workflows/{id}?tasks=true");
        JsonElement[] rows = [.. answer.Json.GetProperty("tasks").EnumerateArray()];
        Assert.Equal(["2", "2.1", "9", "10"], rows.Select(r => r.GetProperty("path").GetString()));
        Assert.All(rows, r => Assert.Equal("running", r.GetProperty("status").GetString()));
        Assert.Equal(
            (4, JsonValueKind.Null), (answer.Json.GetProperty("tasksTotal").GetInt32(), answer.Json.GetProperty("continuation").ValueKind));
        Assert.False((await api.GetAsync($"/api/workflows/{id}")).Json.TryGetProperty("tasks", out _));
    }

    /// <summary>Chunks have rows of their own beside those of their items, and rows lie in storage as text, 10 before 9.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(300)]
    [InlineData(7)]
    public async Task Get_WithTasksOfAWideMap_ShowsEachOnceOverItsPages(int limit)
    {
        string items = string.Join(',', Enumerable.Range(0, 990));
        string id = (await api.PostAsync("/api/workflows", $$"""{"canvas":{"map":{"task":"Square","over":[{{items}}]} } }""")).Text("id");
        await api.UntilAsync(id, "completed");

        var paths = new List<string>();
        string? continuation = null;
        do
        {
            string next = continuation is null ? "" : $"&continuation={continuation}";
            Answer page = await api.GetAsync($"/api/workflows/{id}?tasks=true&limit={limit}{next}");
            Assert.Equal(990, page.Json.GetProperty("tasksTotal").GetInt32());
            string[] shown = [.. page.Json.GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("path").GetString()!)];
            Assert.InRange(shown.Length, 1, limit);
            paths.AddRange(shown);
            continuation = page.Json.GetProperty("continuation").GetString();
        }
        while (continuation is not null);
        Assert.Equal(Enumerable.Range(0, 990).Select(i => $"0.{i}"), paths);
    }

    [Theory]
    [InlineData("limit=5")]
    [InlineData("continuation=0.5")]
    [InlineData("tasks=true&limit=1001")]
    [InlineData("tasks=true&continuation=0/5")]
    public async Task Get_PageWithoutTasksOrOfNoSuchPlace_Is400(string query) =>
        (await api.GetAsync($"/api/workflows/none?{query}")).IsProblem(400, "invalid-request");

    [Theory]
    [InlineData("""{"order":"A","amount":"12.50","currency":"EUR","card":"tok"}""", null)]
    [InlineData("""{"order":"A","amount":12.50,"currency":"EUR","card":"tok"}""", null)]
    [InlineData("""{"order":"A","amount":"much","currency":"EUR","card":"tok"}""", "/amount")]
    [InlineData("""{"order":"A","amount":[],"currency":"EUR","card":"tok"}""", "/amount")]
    public void Check_NumberAsString_IsTakenAsTheTaskReadsIt(string args, string? pointer)
    {
        IReadOnlyList<JsonFault> faults = api.Service<TaskSchemas>().Check("ChargeCard", JsonElement.Parse(args));
        Assert.Equal(pointer, faults.SingleOrDefault()?.Pointer);
    }

    [Theory]
    [InlineData("9", "10", -1)]
    [InlineData("2", "2.0", -1)]
    [InlineData("2.b", "2.a", 1)]
    [InlineData("1.2.3", "1.2.3", 0)]
    [InlineData("0.99", "0.100-199", -1)]
    [InlineData("0.100", "0.100-199", -1)]
    [InlineData("0.101", "0.100-199", 1)]
    [InlineData("0.h", "0.7", 1)]
    public void ComparePaths_NumbersAsNumbers(string one, string other, int order) =>
        Assert.Equal(order, Math.Sign(TaskRowDocuments.ComparePaths(one, other)));
}
