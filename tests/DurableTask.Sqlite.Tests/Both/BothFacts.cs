using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>What Chard leans on, held against our provider and against Azure Storage's.</summary>
public abstract class BothFacts
{
    private static int ids;

    private protected abstract Hub Hub { get; }

    [Fact]
    public async Task Chain_PassesResultsOn() => Assert.Equal("\"24\"", (await Hub.RunAsync("Chain", Id(), "3")).Output);

    [Fact]
    public async Task FanOut_GathersInOrder() =>
        Assert.Equal(
            $"\"{string.Join(',', Enumerable.Range(0, 60).Select(i => 2 * i))}\"", (await Hub.RunAsync("FanOut", Id(), "60")).Output);

    [Fact]
    public async Task Failure_OfAnActivity_FailsTheInstance_WithItsDetails()
    {
        var ended = await Hub.RunAsync("Failing", Id(), "1");

        Assert.Equal(OrchestrationStatus.Failed, ended.OrchestrationStatus);
        Assert.Contains("f1", ended.Output, StringComparison.Ordinal);
        Assert.Equal("\"caught System.TimeoutException f2\"", (await Hub.RunAsync("Catching", Id(), "2")).Output);
    }

    [Fact]
    public async Task Retry_TriesUntilItWorks() => Assert.Equal("\"at last\"", (await Hub.RunAsync("Retrying", Id(), Id())).Output);

    [Fact]
    public async Task Child_ReturnsAndFails_ToItsParent()
    {
        Assert.Equal("\"child: 8\"", (await Hub.RunAsync("Parent", Id(), $"Chain {Id()} 1")).Output);
        Assert.Contains("child failed: ", (await Hub.RunAsync("Parent", Id(), $"Failing {Id()} 1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Child_Terminated_FailsItsParentsCall()
    {
        var (parent, child) = (Id(), Id());
        await Hub.StartAsync("Parent", parent, $"Listen {child} 1");
        await Hub.UntilAsync(child, OrchestrationStatus.Running);

        await Hub.Client.TerminateInstanceAsync(new OrchestrationInstance { InstanceId = child }, "enough");

        Assert.Contains("child failed: ", (await Hub.EndAsync(parent)).Output, StringComparison.Ordinal);
        Assert.Equal((OrchestrationStatus.Terminated, "enough"),
            ((await Hub.StateAsync(child))!.OrchestrationStatus, (await Hub.StateAsync(child))!.Output));
    }

    [Fact]
    public async Task Timer_FiresNotBeforeItsTime() => Assert.True(
        double.Parse((await Hub.RunAsync("Sleep", Id(), "300"))
            .Output.Trim('"'), System.Globalization.CultureInfo.InvariantCulture) >= -TimersMayBeEarly);

    [Fact]
    public async Task Events_AreTakenInTheirOrder_WhetherAwaitedOrNot()
    {
        var id = Id();
        await Hub.StartAsync("Listen", id, "4");
        foreach (var value in (string[])["a", "b", "c", "d"])
        {
            await Hub.RaiseAsync(id, "E", value);
        }

        var ended = await Hub.EndAsync(id);

        Assert.Equal("\"a,b,c,d\"", ended.Output);
        Assert.Equal("\"heard 4\"", ended.Status);
    }

    [Fact]
    public async Task ContinueAsNew_KeepsEventsThatCameEarly()
    {
        var id = Id();
        await Hub.StartAsync("Loop", id);
        foreach (var value in (string[])["a", "b", "c", "d", "e"])
        {
            await Hub.RaiseAsync(id, "e", value);
        }

        var output = (await Hub.EndAsync(id)).Output.Trim('"');

        Assert.Equal("22222abcde", string.Concat(output.Order()));
    }

    [Fact]
    public async Task Suspended_TakesEventsLater()
    {
        var id = Id();
        var instance = await Hub.StartAsync("Listen", id, "1");
        await Hub.UntilAsync(id, OrchestrationStatus.Running);
        await Hub.Client.SuspendInstanceAsync(instance, "wait");
        await Hub.UntilAsync(id, OrchestrationStatus.Suspended);
        await Hub.RaiseAsync(id, "e", "x");

        await Hub.Client.ResumeInstanceAsync(instance, "go on");

        Assert.Equal("\"x\"", (await Hub.EndAsync(id)).Output);
    }

    [Fact]
    public async Task Suspended_CanBeTerminated()
    {
        var id = Id();
        var instance = await Hub.StartAsync("Listen", id, "1");
        await Hub.Client.SuspendInstanceAsync(instance, "wait");
        await Hub.UntilAsync(id, OrchestrationStatus.Suspended);

        await Hub.Client.TerminateInstanceAsync(instance, "no more");

        var ended = await Hub.EndAsync(id);
        Assert.Equal((OrchestrationStatus.Terminated, "no more"), (ended.OrchestrationStatus, ended.Output));
    }

    [Fact]
    public async Task Id_OfAnUnfinishedInstance_IsRefused_AndOfAFinishedOneTakenAgain()
    {
        var id = Id();
        OrchestrationStatus[] unfinished = [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended];
        await Hub.Client.CreateOrchestrationInstanceAsync("Listen", string.Empty, id, "1", null, unfinished);
        await Hub.UntilAsync(id, OrchestrationStatus.Running);

        await Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => Hub.Client.CreateOrchestrationInstanceAsync("Chain", string.Empty, id, "1", null, unfinished));
        await Hub.RaiseAsync(id, "e", "x");
        await Hub.EndAsync(id);
        await Hub.Client.CreateOrchestrationInstanceAsync("Chain", string.Empty, id, "1", null, unfinished);

        await Hub.UntilAsync(async () => (await Hub.StateAsync(id))?.Output == "\"8\"", "the second has ended");
    }

    [Fact]
    public async Task Start_PutOff_StaysPendingUntilThen()
    {
        var id = Id();
        var began = TimeProvider.System.GetUtcNow().UtcDateTime;
        await Hub.Client.CreateScheduledOrchestrationInstanceAsync("Chain", string.Empty, id, "1", began.AddSeconds(3));
        Assert.Equal(OrchestrationStatus.Pending, (await Hub.StateAsync(id))!.OrchestrationStatus);

        var ended = await Hub.EndAsync(id);

        Assert.Equal("\"8\"", ended.Output);

        // Azure Storage's provider starts up to a second early; ours does not, see TimeTests.
        Assert.True(TimeProvider.System.GetUtcNow().UtcDateTime >= began.AddSeconds(2));
    }

    [Fact]
    public async Task Query_ByPrefixAndStatus_PagesThroughEachOnce()
    {
        var prefix = Id();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Hub.StartAsync("Chain", $"{prefix}-{i}", "1")));
        await Hub.StartAsync("Listen", $"{prefix}-l", "1");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Hub.EndAsync($"{prefix}-{i}")));

        var found = new List<OrchestrationState>();
        var query = new OrchestrationQuery { InstanceIdPrefix = prefix, RuntimeStatus = [OrchestrationStatus.Completed], PageSize = 2,
            FetchInputsAndOutputs = true };
        do
        {
            var page = await ((IOrchestrationServiceQueryClient)Hub.Service).GetOrchestrationWithQueryAsync(query, CancellationToken.None);
            found.AddRange(page.OrchestrationState);
            query.ContinuationToken = page.ContinuationToken;
        }
        while (query.ContinuationToken is not null);

        Assert.Equal(
            Enumerable.Range(0, 5).Select(i => $"{prefix}-{i}"), found.Select(state => state.OrchestrationInstance.InstanceId).Order());
        Assert.All(found, state => Assert.Equal(("\"1\"", "\"8\"", "Chain"), (state.Input, state.Output, state.Name)));
    }

    [Fact]
    public async Task Purge_RemovesWhatHasEnded()
    {
        var id = Id();
        await Hub.RunAsync("Chain", id, "1");

        var purged = await ((IOrchestrationServicePurgeClient)Hub.Service).PurgeInstanceStateAsync(id);

        Assert.Equal(1, purged.DeletedInstanceCount);
        Assert.Null(await Hub.StateAsync(id));
        Assert.Equal(0, (await ((IOrchestrationServicePurgeClient)Hub.Service).PurgeInstanceStateAsync(id)).DeletedInstanceCount);
    }

    [Fact]
    public async Task State_HasTagsNameInputAndTimes()
    {
        var id = Id();
        var tags = new Dictionary<string, string> { ["colour"] = "green" };
        await Hub.Client.CreateOrchestrationInstanceAsync("Chain", string.Empty, id, "1", tags);

        var ended = await Hub.EndAsync(id);
        var state = (await Hub.StateAsync(id))!;

        Assert.Equal("green", ended.Tags["colour"]);
        Assert.Equal(("Chain", "\"1\"", "green"), (state.Name, state.Input, state.Tags["colour"]));
        Assert.True(state.CreatedTime <= state.LastUpdatedTime && state.CreatedTime.Kind == DateTimeKind.Utc);
    }

    [Fact]
    public async Task History_TellsWhatHappened()
    {
        var instance = await Hub.StartAsync("Chain", Id(), "1");
        await Hub.EndAsync(instance.InstanceId);

        var history = Newtonsoft.Json.Linq.JArray.Parse(await Hub.Client.GetOrchestrationHistoryAsync(instance));

        Assert.Equal(3, history.Count(happened => (EventType)(int)happened["EventType"]! == EventType.TaskCompleted));
    }

    [Fact]
    public async Task Entity_TakesSignalsBeforeTheCallThatFollows() =>
        Assert.Equal("\"12\"", (await Hub.RunAsync("Counting", Id(), Id())).Output);

    [Fact]
    public async Task Entity_Deleted_HasNoState()
    {
        var key = Id();
        await Hub.RunAsync("Ask", Id(), $"{key} add 3");
        Assert.Equal("\"3\"", (await Hub.RunAsync("Ask", Id(), $"{key} get")).Output);

        await Hub.RunAsync("Ask", Id(), $"{key} delete");

        Assert.Equal("\"\"", (await Hub.RunAsync("Ask", Id(), $"{key} get")).Output);
    }

    [Fact]
    public async Task Entity_DelayedSignal_WaitsForItsTime() =>
        Assert.Equal("\"null then 9\"", (await Hub.RunAsync("Later", Id(), Id())).Output);

    [Fact]
    public async Task Transfers_UnderLocks_LoseNothing()
    {
        var keys = Enumerable.Range(0, 3).Select(_ => Id()).ToArray();
        var moves = Enumerable.Range(0, TransferCount).Select(i => (From: keys[i % 3], To: keys[(i + 1 + (i / 3 % 2)) % 3])).ToArray();

        await Task.WhenAll(moves.Select(move => Hub.RunAsync("Transfer", Id(), $"{move.From} {move.To}")));

        foreach (var key in keys)
        {
            var expected = moves.Count(move => move.To == key) - moves.Count(move => move.From == key);
            Assert.Equal($"\"{expected}\"", (await Hub.RunAsync("Ask", Id(), $"{key} get")).Output);
        }
    }

    [Fact]
    public async Task RandomPrograms_GiveWhatPlainEvaluationGives()
    {
        var programs = FsCheck.Fluent.Gen.Sample(Programs.Arbitrary.Generator, RandomProgramCount, 40);
        await Task.WhenAll(programs.Select(async program =>
        {
            var id = Id();
            await Hub.StartAsync("Program", id, Programs.Write(program));
            for (var i = 0; i < Programs.MostEvents; i++)
            {
                await Hub.RaiseAsync(id, "e", "7");
            }

            var (expected, output) = (Programs.Evaluate(program), (await Hub.EndAsync(id)).Output.Trim('"'));
            Assert.True(output == expected, $"{output} instead of {expected}: {Programs.Write(program)}");
        }));
    }

    /// <summary>By how many milliseconds.</summary>
    private protected virtual double TimersMayBeEarly => 0;

    private protected virtual int TransferCount => 9;

    private protected virtual int RandomProgramCount => 60;

    /// <summary>An id of its own: the hub is shared.</summary>
    private protected string Id() => $"{GetType().Name}{Interlocked.Increment(ref ids)}";
}
