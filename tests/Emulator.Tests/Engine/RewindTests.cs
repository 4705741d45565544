using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Tests.Engine;

public sealed class RewindTests
{
    [Fact]
    public async Task FailedGroup_Rewound_RunsOnlyWhatFailed()
    {
        var broken = true;
        var functions = new TestFunctions()
            .Activity<int, int>("Good", x => x)
            .Activity<int, int>("Bad", x => Volatile.Read(ref broken) ? throw new TimeoutException("down") : x)
            .Orchestrator("Group", async context =>
            {
                var first = await context.CallActivityAsync<int>("Good", 1);
                var rest = await Task.WhenAll(context.CallActivityAsync<int>("Bad", 2), context.CallActivityAsync<int>("Good", 3), context.CallActivityAsync<int>("Bad", 4));
                return first + rest.Sum();
            });
        await using var test = await EngineUnderTest.StartAsync(functions);
        var failed = await test.RunAsync("Group");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);

        Volatile.Write(ref broken, false);
        await test.Client.RewindInstanceAsync(failed.InstanceId, "repaired");
        var ended = await test.EndAsync(failed.InstanceId);

        Assert.Equal(10, ended.ReadOutputAs<int>());
        Assert.Null(ended.FailureDetails);
        Assert.Equal(2, functions.Runs["Good"]);
        Assert.Equal(4, functions.Runs["Bad"]);
    }

    [Fact]
    public async Task FailedChildBehindRetries_Rewound_GoesOnInTheChild()
    {
        var broken = true;
        var functions = new TestFunctions()
            .Activity<int, int>("Good", x => x)
            .Activity<int, int>("Bad", x => Volatile.Read(ref broken) ? throw new TimeoutException("down") : x)
            .Orchestrator("Child", async context =>
            {
                await context.CallActivityAsync<int>("Good", 1);
                return await context.CallActivityAsync<int>("Bad", 2, TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(1))));
            })
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>("Child") + 1);
        await using var test = await EngineUnderTest.StartAsync(functions);
        var failed = await test.RunAsync("Parent");

        Volatile.Write(ref broken, false);
        await test.Client.RewindInstanceAsync(failed.InstanceId, "repaired");

        // What was rewound is durable: a restart in between changes nothing.
        await test.StartEngineAsync();
        var ended = await test.EndAsync(failed.InstanceId);

        Assert.Equal(3, ended.ReadOutputAs<int>());
        Assert.Equal(1, functions.Runs["Good"]);

        // Two tries, the one after the rewind, and that once more if the restart came in between.
        Assert.InRange(functions.Runs["Bad"], 3, 4);
    }

    [Fact]
    public async Task OtherThanFailed_IsRefused()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions().Orchestrator("Fine", _ => Task.FromResult(1)));
        var ended = await test.RunAsync("Fine");

        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Client.RewindInstanceAsync(ended.InstanceId, "why not"));
        await Assert.ThrowsAsync<ArgumentException>(() => test.Client.RewindInstanceAsync("unknown", "why not"));
    }
}
