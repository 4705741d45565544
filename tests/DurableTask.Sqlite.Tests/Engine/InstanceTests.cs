using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Query;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Starting, ending, purging and asking, where this provider promises more than both do.</summary>
public sealed class InstanceTests : IAsyncLifetime
{
    private readonly Store store = new(onFile: false);
    private Hub hub = null!;

    public async Task InitializeAsync() => hub = await Hub.StartAsync(store.Options(), Make());

    public async Task DisposeAsync()
    {
        await hub.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task Events_ForAnInstanceNotYetMade_AreHeldInTheirOrder_ThroughARestart()
    {
        await hub.RaiseAsync("x", "e", "1");
        await hub.RaiseAsync("x", "e", "2");
        await RestartAsync();

        Assert.Equal("\"1,2\"", (await hub.RunAsync("Listen", "x", "2")).Output);
    }

    [Fact]
    public async Task Messages_ForAnEndedInstanceOrAnotherExecution_AreDropped()
    {
        var first = await hub.StartAsync("Chain", "x", "1");
        await hub.EndAsync("x");
        await hub.RaiseAsync("x", "e", "late");

        await hub.StartAsync("Listen", "x", "1");
        await hub.Client.RaiseEventAsync(first, "e", "of the first");
        await hub.RaiseAsync("x", "e", "of the second");

        Assert.Equal("\"of the second\"", (await hub.EndAsync("x")).Output);
    }

    [Fact]
    public async Task Child_WithATakenId_FailsItsParentsCall_AlsoTwiceInATurn()
    {
        await hub.StartAsync("Listen", "taken", "1");

        Assert.Contains("'taken' exists", (await hub.RunAsync("Parent", "x", "Chain taken 1")).Output, StringComparison.Ordinal);
        var twice = (await hub.RunAsync("Twins", "y")).Output;
        Assert.Contains("child: 8", twice, StringComparison.Ordinal);
        Assert.Contains("'twin' exists", twice, StringComparison.Ordinal);
        Assert.Equal(OrchestrationStatus.Running, (await hub.StateAsync("taken"))!.OrchestrationStatus);
    }

    [Fact]
    public async Task Ids_DifferByTheCaseOfTheirLetters()
    {
        await hub.RunAsync("Chain", "x", "1");

        Assert.Null(await hub.StateAsync("X"));
        Assert.Equal("\"16\"", (await hub.RunAsync("Chain", "X", "2")).Output);
    }

    [Fact]
    public async Task RecursiveTermination_EndsChildrenToo_ThoseThatStartMeanwhileIncluded()
    {
        await hub.StartAsync("Parent", "a", "Parent b Parent");
        await hub.StartAsync("Tree", "t", "2");
        await hub.UntilAsync("t-1-1", OrchestrationStatus.Running);

        Assert.True(await hub.Engine.TerminateAsync("t", "all of you", recursive: true));
        Assert.False(await hub.Engine.TerminateAsync("nobody", "x", recursive: true));

        foreach (var id in (string[])["t", "t-0", "t-1", "t-0-0", "t-0-1", "t-1-0", "t-1-1"])
        {
            Assert.Equal((OrchestrationStatus.Terminated, "all of you"),
                ((await hub.EndAsync(id)).OrchestrationStatus, (await hub.StateAsync(id))!.Output));
        }
    }

    [Fact]
    public async Task Termination_WhileATurnStartsChildren_EndsThemToo()
    {
        // Of a hundred families, some are in the middle of a turn.
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            await hub.StartAsync("Tree", $"t{i}", "1");
            await hub.Engine.TerminateAsync($"t{i}", "now", recursive: true);
            await hub.EndAsync($"t{i}");
        }));

        await hub.UntilAsync(
            async () => (await QueryAsync(new OrchestrationQuery { InstanceIdPrefix = "t", PageSize = 1000 }))
                .All(state => state.OrchestrationStatus.IsEnded()),
            "all have ended");
    }

    [Fact]
    public async Task Termination_WithoutRecursion_LeavesTheChildRunning()
    {
        await hub.StartAsync("Parent", "p", "Listen c 1");
        await hub.UntilAsync("c", OrchestrationStatus.Running);

        await hub.Engine.TerminateAsync("p", "x", recursive: false);

        await hub.EndAsync("p");
        Assert.Equal(OrchestrationStatus.Running, (await hub.StateAsync("c"))!.OrchestrationStatus);
        await hub.RaiseAsync("c", "e", "1");
        await hub.EndAsync("c");
    }

    [Fact]
    public async Task Termination_BeforeAPutOffStart_EndsAtOnce_AndRunsNothing()
    {
        await hub.Client.CreateScheduledOrchestrationInstanceAsync(
            "Chain", string.Empty, "x", "1", TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1));

        await hub.Engine.TerminateAsync("x", "never mind", recursive: false);

        var ended = await hub.EndAsync("x");
        Assert.Equal((OrchestrationStatus.Terminated, "never mind", "\"1\""), (ended.OrchestrationStatus, ended.Output, ended.Input));
        Assert.Equal(
            [EventType.ExecutionStarted, EventType.ExecutionTerminated, EventType.ExecutionCompleted],
            (await hub.Engine.GetHistoryAsync("x")).Select(happened => happened.EventType));
        Assert.Null(hub.Engine.NextDue);
    }

    [Fact]
    public async Task Purge_Recursive_TakesEndedChildren_AndLeavesTheRest()
    {
        await hub.RunAsync("Parent", "p", "Parent q Chain");
        await hub.StartAsync("Listen", "l", "1");

        Assert.Equal(0, (await hub.Engine.PurgeAsync("l", recursive: true)).DeletedInstanceCount);
        Assert.Equal(1, (await hub.Engine.PurgeAsync("p", recursive: false)).DeletedInstanceCount);
        Assert.NotNull(await hub.StateAsync("q"));
        await hub.RunAsync("Parent", "p", "Chain c 1");
        Assert.Equal(3, (await hub.Engine.PurgeAsync("p", recursive: true)).DeletedInstanceCount);

        Assert.Equal(["l"], (await QueryAsync(new OrchestrationQuery())).Select(state => state.OrchestrationInstance.InstanceId));
    }

    [Fact]
    public async Task Purge_ByFilter_TakesEndedOnes_OfTheStatusAndTimeAsked()
    {
        await Task.WhenAll(Enumerable.Range(0, 450).Select(i => hub.RunAsync("Chain", $"c{i}", "1")));
        await hub.RunAsync("Failing", "f", "1");
        await hub.StartAsync("Listen", "l", "1");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        Assert.Equal(
            0, (await hub.Engine.PurgeInstanceStateAsync(new PurgeInstanceFilter(now.AddHours(1), null, null))).DeletedInstanceCount);
        Assert.Equal(1, (await hub.Engine.PurgeInstanceStateAsync(
            new PurgeInstanceFilter(now.AddHours(-1), now, [OrchestrationStatus.Failed]))).DeletedInstanceCount);
        var some =
            await hub.Engine.PurgeInstanceStateAsync(new PurgeInstanceFilter(now.AddHours(-1), null, null) { Timeout = TimeSpan.Zero });
        Assert.Equal((200, false), (some.DeletedInstanceCount, some.IsComplete));
        var rest = await hub.Engine.PurgeInstanceStateAsync(new PurgeInstanceFilter(now.AddHours(-1), null, null));

        Assert.Equal((250, true), (rest.DeletedInstanceCount, rest.IsComplete));
        Assert.Equal(["l"], (await QueryAsync(new OrchestrationQuery())).Select(state => state.OrchestrationInstance.InstanceId));
    }

    [Fact]
    public async Task Query_LeavesOutWhatIsNotAskedFor()
    {
        await hub.RunAsync("Chain", "a", "1");
        await hub.StartAsync("Listen", "b", "1");
        await hub.RunAsync("Ask", "c", "key add 3");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        Assert.Equal(["@Counter@key", "a", "b", "c"], await IdsAsync(new OrchestrationQuery()));
        Assert.Equal(["a", "b", "c"], await IdsAsync(new OrchestrationQuery { ExcludeEntities = true }));
        Assert.Equal(["b"], await IdsAsync(
            new OrchestrationQuery { ExcludeEntities = true, RuntimeStatus = [OrchestrationStatus.Running, OrchestrationStatus.Pending] }));
        Assert.Equal([], await IdsAsync(new OrchestrationQuery { CreatedTimeTo = now.AddHours(-1) }));
        Assert.Equal(["c"], await IdsAsync(new OrchestrationQuery { CreatedTimeFrom = now.AddHours(-1), ContinuationToken = "b" }));
        Assert.All(await QueryAsync(new OrchestrationQuery { InstanceIdPrefix = "a", FetchInputsAndOutputs = false }), state =>
            Assert.Null(state.Input));
    }

    [Fact]
    public async Task Rewind_RunsAgainWhatFailed_InTheChildTooAndNothingElse()
    {
        var code = Make();
        var broken = true;
        code.Activity("Sometimes", input => broken ? throw new TimeoutException("broken") : $"mended {input}")
            .Orchestration("Group", async (flow, input) => string.Join(',', await Task.WhenAll(
                flow.CallAsync("Double", "1"), flow.CallAsync("Sometimes", "2"), flow.ChildAsync("Inner", $"{input}-inner", "3"))))
            .Orchestration("Inner", async (flow, input) =>
                $"{await flow.CallAsync("Double", input)} {await flow.CallAsync("Sometimes", input)}");
        await RestartAsync(code);
        Assert.Equal(OrchestrationStatus.Failed, (await hub.RunAsync("Group", "g", "g")).OrchestrationStatus);
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Engine.RewindTaskOrchestrationAsync("nobody", "x"));

        broken = false;
        await hub.Engine.RewindTaskOrchestrationAsync("g", "mended");
        await hub.UntilAsync(
            async () => (await hub.StateAsync("g"))!.OrchestrationStatus == OrchestrationStatus.Completed, "the group has ended");

        Assert.Equal("\"2,mended 2,6 mended 3\"", (await hub.StateAsync("g"))!.Output);
        Assert.Equal(2, code.Begun("Double"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Engine.RewindTaskOrchestrationAsync("g", "again"));
    }

    [Fact]
    public async Task Rewind_OfAChildThatWasPurged_FailsTheParentAgain()
    {
        await hub.RunAsync("Strict", "p", "Failing c 1");
        await hub.Engine.PurgeAsync("c", recursive: false);

        await hub.Engine.RewindTaskOrchestrationAsync("p", "try");
        await hub.UntilAsync(async () =>
            (await hub.StateAsync("p"))!.Output?.Contains("cannot be rewound", StringComparison.Ordinal) == true, "p has failed again");
    }

    [Fact]
    public async Task Wait_GivesAStateOfItsOwn_AndNullWhenTheTimeIsUp()
    {
        await hub.StartAsync("Listen", "x", "1");
        Assert.Null(await hub.Engine.WaitForOrchestrationAsync("x", null, TimeSpan.FromMilliseconds(20), CancellationToken.None));
        using var cancelled = new CancellationTokenSource(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => hub.Engine.WaitForOrchestrationAsync("x", null, Hub.Patience, cancelled.Token));

        var waits = new[] { hub.EndAsync("x"), hub.EndAsync("x") };
        await hub.RaiseAsync("x", "e", "1");
        var states = await Task.WhenAll(waits);

        states[0].OrchestrationInstance.ExecutionId = null;
        Assert.NotNull(states[1].OrchestrationInstance.ExecutionId);
    }

    [Fact]
    public async Task WorkThatIsAbandoned_ComesBack()
    {
        var code = Make();
        var tries = 0;
        code.Activity("Aborted", input => Interlocked.Increment(ref tries) < 4 ? throw new SessionAbortedException("not now") : "done")
            .Orchestration("Patient", (flow, input) => flow.CallAsync("Aborted", input));
        await RestartAsync(code, worker =>
        {
            var turns = 0;
            worker.AddOrchestrationDispatcherMiddleware(
                (_, next) => Interlocked.Increment(ref turns) < 4 ? throw new SessionAbortedException("not now") : next());
        });

        Assert.Equal("\"done\"", (await hub.RunAsync("Patient", "x", "1")).Output);
        Assert.Equal(4, tries);
    }

    [Fact]
    public async Task Delete_EmptiesTheStore()
    {
        await hub.RunAsync("Chain", "x", "1");
        await hub.StartAsync("Listen", "y", "1");

        await hub.Engine.CreateAsync();

        Assert.Empty(await QueryAsync(new OrchestrationQuery()));
        Assert.Equal("\"8\"", (await hub.RunAsync("Chain", "y", "1")).Output);
    }

    private static Code Make() => BothCode.Make()
        .Orchestration(
            "Strict", async (flow, input) => await flow.ChildAsync(input.Split(' ')[0], input.Split(' ')[1], input.Split(' ')[2]))
        .Orchestration("Twins", async (flow, _) => string.Join(" and ", await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            try
            {
                return $"child: {await flow.ChildAsync("Chain", "twin", "1")}";
            }
            catch (SubOrchestrationFailedException failed)
            {
                return failed.FailureDetails!.ErrorMessage;
            }
        }))))
        .Orchestration("Tree", async (flow, input) => input == "0"
            ? await flow.EventAsync("never")
            : string.Concat(await Task.WhenAll(Enumerable.Range(0, 2).Select(i =>
                flow.ChildAsync("Tree", $"{flow.Context.OrchestrationInstance.InstanceId}-{i}", $"{input[0] - '1'}")))));

    private async Task RestartAsync(Code? code = null, Action<TaskHubWorker>? configure = null)
    {
        await hub.DisposeAsync();
        hub = await Hub.StartAsync(store.Options(), code ?? Make(), configure);
    }

    private async Task<IReadOnlyCollection<OrchestrationState>> QueryAsync(OrchestrationQuery query) =>
        (await hub.Engine.GetOrchestrationWithQueryAsync(query, CancellationToken.None)).OrchestrationState;

    private async Task<IEnumerable<string>> IdsAsync(OrchestrationQuery query) =>
        (await QueryAsync(query)).Select(state => state.OrchestrationInstance.InstanceId);
}
