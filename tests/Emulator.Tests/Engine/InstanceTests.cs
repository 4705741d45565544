using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Tests.Engine;

/// <summary>What operators do to instances, and the engine's bounds.</summary>
public sealed class InstanceTests
{
    [Fact]
    public async Task Suspend_HoldsEverything_ThroughARestart_UntilResume()
    {
        await using var test = await EngineUnderTest.StartAsync(Listening());
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Listen");
        await test.Client.WaitForInstanceStartAsync(id);

        await test.Client.SuspendInstanceAsync(id);
        await test.Client.RaiseEventAsync(id, "e", 1);
        await test.Client.RaiseEventAsync(id, "e", 2);
        await test.Engine.WhenIdleAsync(CancellationToken.None);
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await test.Client.GetInstanceAsync(id))!.RuntimeStatus);
        await test.StartEngineAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await test.Client.GetInstanceAsync(id))!.RuntimeStatus);
        await test.Client.ResumeInstanceAsync(id);

        Assert.Equal(12, (await test.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task DroppedInstance_IsReplayed_WhenItsMailComes()
    {
        var runs = 0;
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Activity<int, int>("Add", x => x + 1)
            .Orchestrator("Listen", async context =>
            {
                Interlocked.Increment(ref runs);
                var added = await context.CallActivityAsync<int>("Add", 1);
                return added + await context.WaitForExternalEvent<int>("e");
            }));
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Listen");
        await test.Engine.WhenIdleAsync(CancellationToken.None);
        Assert.Equal(1, test.Engine.DropIdleInstances());

        await test.Client.RaiseEventAsync(id, "e", 5);

        Assert.Equal(7, (await test.EndAsync(id)).ReadOutputAs<int>());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task RecursiveTermination_EndsChildrenToo()
    {
        await using var test = await EngineUnderTest.StartAsync(Listening().Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>("Listen", null, new SubOrchestrationOptions { InstanceId = "child" })));
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await test.Client.WaitForInstanceStartAsync("child");

        await test.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("stop", Recursive: true));

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await test.EndAsync(id)).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await test.EndAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task Activities_NeverRunMoreAtOnceThanAllowed()
    {
        var running = 0;
        var most = 0;
        var functions = new TestFunctions()
            .Activity<int, int>("Busy", async x =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return x;
            })
            .Orchestrator("Fan", async context => (await Task.WhenAll(Enumerable.Range(0, 200).Select(i => context.CallActivityAsync<int>("Busy", i)))).Length);
        await using var test = await EngineUnderTest.StartAsync(functions, options => options.MaxConcurrentActivities = 3);

        Assert.Equal(200, (await test.RunAsync("Fan")).ReadOutputAs<int>());
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Query_PagesThroughAll_ByStatusAndPrefix()
    {
        await using var test = await EngineUnderTest.StartAsync(Listening().Orchestrator("Done", _ => Task.FromResult(1)));
        for (var i = 0; i < 25; i++)
        {
            await test.Client.ScheduleNewOrchestrationInstanceAsync(i % 5 == 0 ? "Listen" : "Done", null, new StartOrchestrationOptions($"{(i % 2 == 0 ? "even" : "odd")}-{i}"));
        }

        await test.Engine.WhenIdleAsync(CancellationToken.None);
        var pages = await test.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 4)).AsPages().ToListAsync();
        var waiting = await test.Client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running], InstanceIdPrefix: "even-")).ToListAsync();
        var purged = await test.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed]));

        Assert.Equal(25, pages.SelectMany(page => page.Values).DistinctBy(item => item.InstanceId).Count());
        Assert.All(pages, page => Assert.InRange(page.Values.Count, 0, 4));
        Assert.Equal(["even-0", "even-10", "even-20"], waiting.Select(item => item.InstanceId));
        Assert.Equal(20, purged.PurgedInstanceCount);
    }

    [Fact]
    public async Task ManyFanOuts_WithInstancesDroppedAllTheTime_LoseNothing()
    {
        await using var test = await EngineUnderTest.StartAsync(
            new TestFunctions()
                .Activity<int, int>("Add", x => x + 1)
                .Orchestrator("Fan", async context => (await Task.WhenAll(Enumerable.Range(0, 50).Select(i => context.CallActivityAsync<int>("Add", i)))).Sum())
                .Orchestrator("Root", async context => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => context.CallSubOrchestratorAsync<int>("Fan")))).Sum()),
            options => options.MaxCachedInstances = 0);

        var ended = await test.RunAsync("Root");

        Assert.Equal(20 * Enumerable.Range(1, 50).Sum(), ended.ReadOutputAs<int>());
    }

    private static TestFunctions Listening() => new TestFunctions()
        .Orchestrator("Listen", async context => (10 * await context.WaitForExternalEvent<int>("e")) + await context.WaitForExternalEvent<int>("e"));

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
