using System.Text.Json;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Functions.Tasks;
using Chard.Functions.Workflows;

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
        Assert.False((await api.GetAsync($"/api/workflows/{id}")).Json.TryGetProperty("tasks", out _));
    }

    [Theory]
    [InlineData("""{"order":"A","amount":"12.50","currency":"EUR","card":"tok"}""", null)]
    [InlineData("""{"order":"A","amount":12.50,"currency":"EUR","card":"tok"}""", null)]
    [InlineData("""{"order":"A","amount":"much","currency":"EUR","card":"tok"}""", "/amount")]
    [InlineData("""{"order":"A","amount":[],"currency":"EUR","card":"tok"}""", "/amount")]
    public void Check_NumberAsString_IsTakenAsTheTaskReadsIt(string args, string? pointer)
    {
        IReadOnlyList<SchemaFault> faults = api.Service<TaskSchemas>().Check("ChargeCard", JsonElement.Parse(args));
        Assert.Equal(pointer, faults.SingleOrDefault()?.Pointer);
    }

    [Theory]
    [InlineData("9", "10", -1)]
    [InlineData("2", "2.0", -1)]
    [InlineData("2.b", "2.a", 1)]
    [InlineData("1.2.3", "1.2.3", 0)]
    public void ComparePaths_NumbersAsNumbers(string one, string other, int order) =>
        Assert.Equal(order, Math.Sign(TaskRowDocuments.ComparePaths(one, other)));
}
