using Chard.Emulator.DurableTask;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.Emulator.Tests.Engine;

public sealed class FaultTests
{
    [Fact]
    public async Task ResultDeliveredTwice_CountsOnce()
    {
        var faults = new EngineFaults();
        faults.DeliverTwice("Add", 2);
        var functions = Adding();
        await using var test = new EngineUnderTest(functions);
        await test.StartEngineAsync(faults);

        var ended = await test.RunAsync("Twice", 1);

        Assert.Equal(3, ended.ReadOutputAs<int>());
        Assert.Equal(2, functions.Runs["Add"]);
    }

    [Fact]
    public async Task LostResult_RunsTheActivityAgain()
    {
        var faults = new EngineFaults();
        faults.LoseResult("Add");
        var functions = Adding();
        await using var test = new EngineUnderTest(functions);
        await test.StartEngineAsync(faults);

        var ended = await test.RunAsync("Twice", 1);

        Assert.Equal(3, ended.ReadOutputAs<int>());
        Assert.Equal(3, functions.Runs["Add"]);
    }

    [Fact]
    public async Task CrashedEngine_TellsItsCallers_AndChangesNothingMore()
    {
        var faults = new EngineFaults();
        faults.CrashBeforeCommit(1);
        await using var test = new EngineUnderTest(Adding());
        await test.StartEngineAsync(faults);

        await Assert.ThrowsAsync<DurableEngineCrashedException>(() => test.Client.ScheduleNewOrchestrationInstanceAsync("Twice", 1, new StartOrchestrationOptions("x")));
        await faults.Crashed;
        await Assert.ThrowsAsync<DurableEngineCrashedException>(() => test.Client.GetInstanceAsync("x"));
        await test.StartEngineAsync();

        Assert.Null(await test.Client.GetInstanceAsync("x"));
    }

    [Fact]
    public async Task Stop_WaitsForRunningActivities_AndKeepsTheirResults()
    {
        var release = new TaskCompletionSource();
        var functions = new TestFunctions()
            .Activity<int, int>("Slow", async x =>
            {
                await release.Task;
                return x + 1;
            })
            .Activity<int, int>("Next", x => x + 1)
            .Orchestrator("Two", async context => await context.CallActivityAsync<int>("Next", await context.CallActivityAsync<int>("Slow", 1)));
        await using var test = await EngineUnderTest.StartAsync(functions);
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Two");
        await EngineUnderTest.UntilAsync(() => Task.FromResult(functions.Runs.ContainsKey("Slow")));

        var stopping = test.Engine.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;
        Assert.False(functions.Runs.ContainsKey("Next"));
        await test.StartEngineAsync();
        var ended = await test.EndAsync(id);

        Assert.Equal(3, ended.ReadOutputAs<int>());
        Assert.Equal(1, functions.Runs["Slow"]);
    }

    [Fact]
    public async Task Stop_PastItsDeadline_CancelsActivities_WhichRunAgain()
    {
        var first = true;
        var functions = new TestFunctions().Orchestrator("One", async context => await context.CallActivityAsync<int>("Endless", 1));
        functions.ActivityWithToken("Endless", async token =>
        {
            if (first)
            {
                first = false;
                await Task.Delay(Timeout.Infinite, token);
            }

            return 5;
        });
        await using var test = await EngineUnderTest.StartAsync(functions);
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("One");
        await EngineUnderTest.UntilAsync(() => Task.FromResult(functions.Runs.ContainsKey("Endless")));

        using var deadline = new CancellationTokenSource();
        await deadline.CancelAsync();
        await test.Engine.StopAsync(deadline.Token);
        await test.StartEngineAsync();
        var ended = await test.EndAsync(id);

        Assert.Equal(5, ended.ReadOutputAs<int>());
        Assert.Equal(2, functions.Runs["Endless"]);
    }

    [Fact]
    public async Task HistoryFile_InUse_IsRefusedByName_AndFreeAfterwards()
    {
        var folder = Directory.CreateTempSubdirectory("chard-history-");
        try
        {
            var options = new DurableEngineOptions { HistoryPath = Path.Combine(folder.FullName, "h.db") };
            await using (var first = new DurableEngine(options, Adding(), NullLoggerFactory.Instance))
            {
                await first.StartAsync(CancellationToken.None);
                await first.Client.ScheduleNewOrchestrationInstanceAsync("Listen", null, new StartOrchestrationOptions("x"));
                await first.Client.RaiseEventAsync("x", "e", 1);
                await first.WhenIdleAsync(CancellationToken.None);
                var refused = Assert.Throws<InvalidOperationException>(() => new DurableEngine(options, Adding(), NullLoggerFactory.Instance));
                Assert.Contains("h.db is in use", refused.Message, StringComparison.Ordinal);
            }

            await using var second = new DurableEngine(options, Adding(), NullLoggerFactory.Instance);
            await second.StartAsync(CancellationToken.None);
            await second.Client.RaiseEventAsync("x", "e", 2);
            var ended = await second.Client.WaitForInstanceCompletionAsync("x", true);
            Assert.Equal(12, ended.ReadOutputAs<int>());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TestFunctions Adding() => new TestFunctions()
        .Activity<int, int>("Add", x => x + 1)
        .Orchestrator("Twice", async context => await context.CallActivityAsync<int>("Add", await context.CallActivityAsync<int>("Add", context.GetInput<int>())))
        .Orchestrator("Listen", async context => (10 * await context.WaitForExternalEvent<int>("e")) + await context.WaitForExternalEvent<int>("e"));
}
