using Chard.Domain.Identity;
using Chard.Domain.Limits;
using Chard.DurableTask.Sqlite;
using Chard.Limits;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Limits;

/// <summary>
/// No permit leaks and no bound breaks when workflows are ended, suspended and purged, when the process dies, and when messages come twice
/// or get lost.
/// </summary>
[Trait("Category", "Soak")]
public sealed class LimitFaultTests
{
    [Fact]
    public async Task Terminated_HolderStillAtWork_KeepsItsPlaceUntilItsTaskEnds()
    {
        await using LimitHost host = await StartWithHolderAsync("wfA", "wfB", "wfC");
        await host.Eager.Durable.TerminateInstanceAsync("wfA");
        await host.Eager.Durable.TerminateInstanceAsync("wfB");
        await host.Eager.EndAsync("wfB");
        await host.Eager.EndAsync("wfA");

        await host.SweptUntilAsync("B has left the queue", () => host.StateAsync().GetAwaiter().GetResult().Waiting.Count == 1);
        for (int round = 0; round < 6; round++)
        {
            await host.SweepAsync(TimeSpan.FromSeconds(25));
        }

        Assert.Equal(["wfA:0"], host.Order); // its lease is renewed: it is at work, whatever became of its workflow
        host.Open("wfA:0");
        await Eventually.TrueAsync("A's task has ended", () => host.AtWork == 0);
        await host.SweptUntilAsync("C has begun", () => host.Order.Contains("wfC:0"));
        host.Open("wfC:0");
        await host.Eager.EndAsync("wfC");
        Assert.Equal(["wfA:0", "wfC:0"], host.Order);
        Assert.Equal(1, host.Most);
    }

    [Fact]
    public async Task Purged_HolderAndWaiter_FreeTheirPlaces()
    {
        await using LimitHost host = await StartWithHolderAsync("wfA", "wfB", "wfC");
        foreach (string id in (string[])["wfA", "wfB"])
        {
            await host.Eager.Durable.TerminateInstanceAsync(id);
            await host.Eager.EndAsync(id);
            await host.Eager.Durable.PurgeInstanceAsync(id);
        }

        host.Open("wfA:0");
        await host.SweptUntilAsync("C has begun", () => host.Order.Contains("wfC:0"));
        host.Open("wfC:0");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.Eager.EndAsync("wfC")).RuntimeStatus);
        Assert.Equal(1, host.Most);
    }

    [Fact]
    public async Task Suspended_Waiter_IsPassedOverAndComesBack()
    {
        await using LimitHost host = await StartWithHolderAsync("wfA", "wfB", "wfC");
        await host.Eager.Durable.SuspendInstanceAsync("wfB", "paused");
        await host.SweptUntilAsync("B is passed over", () => host.StateAsync().GetAwaiter().GetResult().Asleep.Contains("wfB"));

        host.Open("wfA:0");
        await Eventually.TrueAsync("C has begun", () => host.Order.Contains("wfC:0"));
        host.Open("wfC:0");
        await host.Eager.EndAsync("wfC");
        await host.Eager.Durable.ResumeInstanceAsync("wfB", "resumed");
        await host.SweptUntilAsync("B has begun", () => host.Order.Contains("wfB:0"));
        host.Open("wfB:0");

        Assert.Equal("""["charged 0"]""", (await host.Eager.EndAsync("wfB")).SerializedOutput);
        Assert.Equal(["wfA:0", "wfC:0", "wfB:0"], host.Order);
    }

    [Fact]
    public async Task Suspended_WithAnOfferThatItCannotTake_LosesItAndAsksAgain()
    {
        await using LimitHost host = await StartWithHolderAsync("wfA", "wfB", "wfC");
        await host.Eager.Durable.SuspendInstanceAsync("wfB", "paused");
        await Eventually.TrueAsync(
            "B is suspended", () => host.Eager.Durable.GetInstanceAsync("wfB")
                .GetAwaiter().GetResult()!.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        host.Open("wfA:0");
        await host.UntilAsync("B holds the permit", state => state.Held.SingleOrDefault()?.Permit.Instance == "wfB");

        await host.SweptUntilAsync("C has begun", () => host.Order.Contains("wfC:0"));
        await host.Eager.Durable.ResumeInstanceAsync("wfB", "resumed");
        await host.UntilAsync("B waits again", state => state.Waiting.SingleOrDefault()?.Instance == "wfB");

        Assert.Equal(["wfA:0", "wfC:0"], host.Order);
        await host.SweptUntilAsync("B is passed over no more", () => host.StateAsync().GetAwaiter().GetResult().Asleep.Count == 0);
        host.Open("wfB:0");
        host.Open("wfC:0");
        Assert.Equal("""["charged 0"]""", (await host.Eager.EndAsync("wfB")).SerializedOutput);
        Assert.Equal(1, host.Most);
    }

    [Fact]
    public async Task Offer_LostWithItsBearer_IsToldByTheSweep()
    {
        await using LimitHost host = await StartWithHolderAsync("wfA", "wfB");

        // As if A had been terminated between the limiter's answer and the event: a signal's answer goes nowhere.
        await host.Eager.Durable.Entities.SignalEntityAsync(
            Limiter.IdOf("database"), nameof(Limiter.Release), new Permit("wfA", "0", CallTurn.First));
        await host.UntilAsync("B has been given the permit", state => state.Held.SingleOrDefault()?.Permit.Instance == "wfB");
        host.Open("wfA:0");
        await host.Eager.EndAsync("wfA");
        Assert.Equal(["wfA:0"], host.Order);

        await host.SweptUntilAsync("B has begun", () => host.Order.Contains("wfB:0"));
        host.Open("wfB:0");
        Assert.Equal("""["charged 0"]""", (await host.Eager.EndAsync("wfB")).SerializedOutput);
    }

    [Fact]
    public async Task Acquire_DeliveredAgain_TakesNoSecondPermitNowOrLater()
    {
        await using LimitHost host = await StartWithHolderAsync("wfA");
        var permit = new Permit("wfA", "0", CallTurn.First);
        await host.Eager.Durable.Entities.SignalEntityAsync(Limiter.IdOf("database"), nameof(Limiter.Acquire), permit);
        await Eventually.TrueAsync("both have been worked off", () => host.Operations == 2);
        Assert.Equal(1, (await host.StateAsync()).Taken);

        // And once the call is over: nobody will give that one back.
        host.Open("wfA:0");
        await host.Eager.EndAsync("wfA");
        await host.Eager.Durable.Entities.SignalEntityAsync(Limiter.IdOf("database"), nameof(Limiter.Acquire), permit);
        await host.UntilAsync("it is taken again", state => state.Taken == 1);

        await host.SweptUntilAsync("it is free", () => host.StateAsync().GetAwaiter().GetResult().IsEmpty(host.Eager.Now));
    }

    [Fact]
    public async Task Killed_WithHoldersAndWaiters_KeepsTheBoundAndEndsAll()
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:Concurrency", "2"));
        host.Gated = true;
        await host.StartAsync("wfA", 3);
        await host.StartAsync("wfB", 3);
        await host.UntilAsync("two hold and four wait", state => state.Taken == 2 && state.Waiting.Count == 4);
        await Eventually.TrueAsync("two are at work", () => host.AtWork == 2);

        await host.KillAsync();
        host.Gated = false;

        foreach (string id in (string[])["wfA", "wfB"])
        {
            Assert.Equal("""["charged 0","charged 1","charged 2"]""", (await host.Eager.EndAsync(id)).SerializedOutput);
        }

        Assert.Equal(2, host.Most);
        await host.UntilAsync("nothing is held", state => state.IsEmpty(host.Eager.Now));
    }

    [Fact]
    public async Task Crash_AtEveryCommit_KeepsTheBoundAndLeavesNothingHeld()
    {
        long commits = await RunAsync(null, after: false);
        Assert.InRange(commits, 8, 100);
        for (long commit = 1; commit <= commits; commit++)
        {
            await RunAsync(commit, after: false);
            await RunAsync(commit, after: true);
        }
    }

    private static async Task<long> RunAsync(long? crash, bool after)
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:Concurrency", "1"));
        EngineFaults faults = host.Eager.Host.Faults;
        if (crash is { } commit)
        {
            if (after)
            {
                faults.CrashAfterCommit(commit);
            }
            else
            {
                faults.CrashBeforeCommit(commit);
            }
        }

        await host.SurviveAsync(async () =>
        {
            if (await host.Eager.Durable.GetInstanceAsync("wf") is null)
            {
                await host.StartAsync("wf", 3);
            }
        });
        OrchestrationMetadata? end = null;
        await host.SurviveAsync(async () => end = await host.Eager.EndAsync("wf"));
        await host.SurviveAsync(() => host.UntilAsync("nothing is held", state => state.IsEmpty(host.Eager.Now)));

        Assert.Equal((crash, after, 1, """["charged 0","charged 1","charged 2"]"""), (crash, after, host.Most, end!.SerializedOutput));
        return faults.Commits;
    }

    /// <summary>One permit: the first workflow is at work under it, the others wait in their order.</summary>
    private static async Task<LimitHost> StartWithHolderAsync(params string[] ids)
    {
        LimitHost host = await LimitHost.StartAsync(("database:Concurrency", "1"));
        host.Gated = true;
        for (int i = 0; i < ids.Length; i++)
        {
            await host.StartAsync(ids[i], 1);
            await host.UntilAsync($"{ids[i]} has asked", state => state.Taken + state.Waiting.Count == i + 1);
        }

        await Eventually.TrueAsync($"{ids[0]} is at work", () => host.AtWork == 1);
        return host;
    }
}
