using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chard.Control;
using Chard.Functions.Tests.Harness;
using Chard.DeadLetters;
using Chard.Domain.Ledger;
using Chard.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Api;

/// <summary>A workflow that is ended takes its running tasks with it, wherever they run.</summary>
[Collection(ApiTests.Name)]
public sealed class CancelReachTests(ApiHost api)
{
    [Fact]
    public async Task Cancel_RunningTask_StopsItAndLeavesNoDeadLetter()
    {
        string id = await StartAsync("""{"task":"Sleep","args":{"seconds":3600},"onExhausted":"park"}""");
        await UntilRowsAsync(api.App, id, rows => rows is [{ Status: LedgerStatus.Running }]);

        await api.PostAsync($"/api/workflows/{id}/cancel");

        await UntilRowsAsync(api.App, id, rows => rows is [{ Status: LedgerStatus.Failed, Failure.Code: "cancelled" }]);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await api.Durable.WaitForInstanceCompletionAsync(id)).RuntimeStatus);
        Assert.Empty(
            (await api.GetAsync($"/api/dead-letters?workflowId={id}&state=open")).Json.GetProperty("deadLetters").EnumerateArray());
        Assert.Equal("cancelled", (await api.GetAsync($"/api/workflows/{id}")).Text("status"));
    }

    [Fact]
    public async Task Expire_RunningTask_StopsIt()
    {
        string id = await StartAsync("""{"task":"Sleep","args":{"seconds":3600},"expiresIn":1.5}""");

        await UntilRowsAsync(api.App, id, rows => rows is [{ Status: LedgerStatus.Failed, Failure.Code: "cancelled" }]);
        await api.UntilAsync(id, "expired");
    }

    [Fact]
    public async Task Cancel_MapOfLongItems_StopsThoseThatRunAndBeginsNoMore()
    {
        string items = string.Join(',', Enumerable.Repeat("""{"seconds":3600}""", 150));
        string id = await StartAsync(
            $$$"""{"canvas":{"chain":[{"map":{"task":"Sleep","over":[{{{items}}}],"chunk":150}},{"task":"Echo","args":"after"}]}}""");
        await UntilRowsAsync(api.App, id, rows => rows.Count(r => r.Status == LedgerStatus.Running) == 1);

        await api.PostAsync($"/api/workflows/{id}/cancel");

        await UntilRowsAsync(api.App, id, rows => rows.All(r => r is { Status: LedgerStatus.Failed, Failure.Code: "cancelled" }));
        await api.Durable.WaitForInstanceCompletionAsync(id);

        // One for each item that had begun, and none of the pack itself, which has ended.
        IReadOnlyList<LedgerRow> rows = await RowsAsync(api.App, id);
        Assert.InRange(rows.Count, 1, 64);
        Assert.All(rows, r => Assert.Equal("Sleep", r.Task));
    }

    [Fact]
    public async Task Cancel_OnAnotherHost_StopsTheTaskAndWhatHandlesItsFailureDoesNotRun()
    {
        // Each has an engine of its own, so nothing but the status row tells; the sweep, which would, runs on neither.
        await using FunctionsTestHost here = await api.StartAsync(WithoutSweep);
        await using FunctionsTestHost there = await api.StartAsync(options =>
        {
            WithoutSweep(options);
            options.Settings["AzureWebJobsStorage"] = here.StorageConnectionString;
        });
        using HttpResponseMessage started = await here.Http.PostAsJsonAsync("/api/workflows", JsonElement.Parse(
            """{"canvas":{"chain":[{"group":[{"task":"Sleep","args":{"seconds":3600}},"""
                + """{"task":"Echo","args":1}]}],"onError":{"task":"Echo","args":"handled"}}}"""));
        string text = await started.Content.ReadAsStringAsync();
        Assert.True(started.IsSuccessStatusCode, text);
        string id = JsonElement.Parse(text).GetProperty("id").GetString()!;
        await UntilRowsAsync(here, id, rows => rows.Any(r => r is { Task: "Sleep", Status: LedgerStatus.Running }) && rows.Count == 2);

        using HttpResponseMessage cancelled = await there.Http.PostAsync($"/api/workflows/{id}/cancel", null);
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);

        await UntilRowsAsync(
            here, id, rows => rows.Any(r => r is { Task: "Sleep", Status: LedgerStatus.Failed, Failure.Code: "cancelled" }));
        await here.Durable.WaitForInstanceCompletionAsync(id);
        Assert.Equal(2, (await RowsAsync(here, id)).Count);
        Assert.Empty((await here.Services.GetRequiredService<IDeadLetterStore>()
            .ListAsync(new() { WorkflowId = id }, 10, null, CancellationToken.None)).DeadLetters);
    }

    [Fact]
    public async Task ShortTasks_HoweverMany_CostNoReadOfTheStatus()
    {
        await using FunctionsTestHost host = await api.StartAsync(WithoutSweep);

        // None for begin and end, which change what this process wrote last; a task that a busy machine holds up is no short one.
        Assert.InRange(await ReadsAsync(1), 0, 3);
        Assert.InRange(await ReadsAsync(40), 0, 3);

        async Task<int> ReadsAsync(int tasks)
        {
            string steps = string.Join(',', Enumerable.Range(0, tasks).Select(i => $$"""{"task":"Echo","args":{{i}}}"""));
            using HttpResponseMessage started = await host.Http.PostAsJsonAsync(
                "/api/workflows", JsonElement.Parse($$"""{"canvas":{"chain":[{{steps}}] } }"""));
            string text = await started.Content.ReadAsStringAsync();
            Assert.True(started.IsSuccessStatusCode, text);
            string id = JsonElement.Parse(text).GetProperty("id").GetString()!;
            await host.Durable.WaitForInstanceCompletionAsync(id);
            Assert.Equal(tasks, (await RowsAsync(host, id)).Count);
            return host.Storage.Count(c => c.Method == "GET" && c.Path.Contains($"id:{id}'", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"task":"Echo","args":1}""")]
    [InlineData("""{"canvas":{"chain":[{"task":"Echo","args":1},{"task":"Square"},{"task":"Echo"}]} }""")]
    public async Task WorkflowOfOnePack_IsThreeRequestsFromItsStartToItsEnd(string start)
    {
        await using FunctionsTestHost host = await api.StartAsync(WithoutSweep);
        await RunAsync();
        host.Storage.Clear();

        await RunAsync();

        // The start, the beginning with the pack's claim, the end with all rows; nothing is read.
        Assert.Equal(3, host.Storage.Count(c => c.Path.Contains("$batch", StringComparison.Ordinal)));
        Assert.Equal(0, host.Storage.Count(c => c.Method != "POST" && c.Path.Contains("Workflows(", StringComparison.Ordinal)
            && !c.Path.Contains("beacon", StringComparison.Ordinal)));

        async Task RunAsync()
        {
            using HttpResponseMessage started = await host.Http.PostAsJsonAsync("/api/workflows", JsonElement.Parse(start));
            string id = JsonElement.Parse(await started.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
            await host.Durable.WaitForInstanceCompletionAsync(id);
        }
    }

    private static void WithoutSweep(FunctionsTestHostOptions options) =>
        options.WithoutClockWork(typeof(WorkflowSweep));

    private static async Task UntilRowsAsync(FunctionsTestHost host, string id, Func<IReadOnlyList<LedgerRow>, bool> holds) =>
        await Eventually.SeenAsync($"the rows of {id} are as they are to be", () => RowsAsync(host, id), holds);

    private static async Task<IReadOnlyList<LedgerRow>> RowsAsync(FunctionsTestHost host, string id)
    {
        var rows = new List<LedgerRow>();
        await foreach (LedgerRow row in host.Services.GetRequiredService<ILedgerStore>().ListAsync(id, CancellationToken.None))
        {
            if (row.Status == LedgerStatus.Running || !row.Key.Path.StartsWith(LedgerRow.PackPrefix, StringComparison.Ordinal))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private async Task<string> StartAsync(string start)
    {
        Answer answer = await api.PostAsync("/api/workflows", start);
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Body);
        return answer.Text("id");
    }
}
