using System.Text.Json;
using Chard.Domain.Identity;
using Chard.Domain.Limits;

namespace Chard.Domain.Tests.Limits;

public sealed class LimiterStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly LimitRule Two = new("database", 2);
    private static readonly LimitRule OneASecond = new("mail", null, 1);

    private LimiterState _state = new();

    [Fact]
    public void Acquire_MoreThanFit_WaitAndAreServedInTheirOrder()
    {
        Permit[] all = [.. Enumerable.Range(0, 5).Select(i => Of($"wf{i}"))];
        Assert.Equal([true, true, false, false, false], all.Select(p => _state.Acquire(Two, Now, p).Offer is not null));

        Assert.Equal("wf2", Assert.Single(_state.Release(Two, Now, all[1])).Instance);
        Assert.Equal("wf3", Assert.Single(_state.Release(Two, Now, all[0])).Instance);
        Assert.Equal((2, 1), (_state.Taken, _state.WaitingAt(Now)));
    }

    [Fact]
    public void Acquire_OfTheSameTry_IsTheSamePermit()
    {
        _state.Acquire(Two, Now, Of("a"));
        _state.Acquire(Two, Now, Of("a"));
        Assert.Equal(1, _state.Taken);

        _state.Acquire(Two, Now, Of("b"));
        _state.Acquire(Two, Now, Of("c"));
        _state.Acquire(Two, Now, Of("c"));
        Assert.Equal(Of("c"), Assert.Single(_state.Waiting));
    }

    [Fact]
    public void Acquire_OfALaterTry_GivesBackWhatTheEarlierHad()
    {
        var rule = new LimitRule("database", 1);
        _state.Acquire(rule, Now, Of("a"));

        Assert.NotNull(_state.Acquire(rule, Now, Of("a") with { Turn = new(0, 2, 0) }).Offer);
        Assert.Equal(1, _state.Taken);
    }

    [Fact]
    public void Release_OfWhoWaits_LeavesTheQueue()
    {
        foreach (string instance in (string[])["a", "b", "c", "d"])
        {
            _state.Acquire(Two, Now, Of(instance));
        }

        Assert.Empty(_state.Release(Two, Now, Of("c")));
        Assert.Equal("d", Assert.Single(_state.Release(Two, Now, Of("a"))).Instance);
    }

    [Fact]
    public void Acquire_AfterTheNumberHasGrown_ServesWhoWaitedFirst()
    {
        foreach (string instance in (string[])["a", "b", "c"])
        {
            _state.Acquire(Two, Now, Of(instance));
        }

        PermitAnswer answer = _state.Acquire(new("database", 3), Now, Of("d"));

        Assert.Null(answer.Offer);
        Assert.Equal("c", Assert.Single(answer.Notices).Instance);
    }

    [Fact]
    public void Acquire_Rate_GivesTimesEvenlySpacedInOrder()
    {
        double[] times =
            [.. Enumerable.Range(0, 4).Select(i => (_state.Acquire(OneASecond, Now, Of($"wf{i}")).Offer!.At - Now).TotalSeconds)];
        Assert.Equal([0, 1, 2, 3], times);
        Assert.False(_state.Acquire(OneASecond, Now, Of("wf4")).Offer!.Held);

        // Saved up is what the burst says, however long the pause.
        var burst = new LimitRule("mail", null, 1, Burst: 3);
        DateTimeOffset later = Now.AddHours(1);
        Assert.Equal([0, 0, 0, 1, 2], Enumerable.Range(10, 5).Select(
            i => (_state.Acquire(burst, later, Of($"wf{i}")).Offer!.At - later).TotalSeconds));
    }

    [Fact]
    public void Acquire_RateAndConcurrency_HoldBoth()
    {
        var both = new LimitRule("mail", 2, 1);
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(i => (_state.Acquire(both, Now, Of($"wf{i}")).Offer!.At - Now).TotalSeconds));
        Assert.Null(_state.Acquire(both, Now, Of("wf2")).Offer);

        PermitOffer offer = Assert.Single(_state.Release(both, Now.AddSeconds(0.5), Of("wf0"))).Offer;

        Assert.Equal((2, true), ((offer.At - Now).TotalSeconds, offer.Held));
    }

    [Fact]
    public void Acquire_LateUnderARate_LinesUpAnew()
    {
        foreach (int i in Enumerable.Range(0, 20))
        {
            _state.Acquire(OneASecond, Now, Of($"wf{i}"));
        }

        // A host that was away for eight seconds: who is at most five late goes, who is later has lost its time.
        DateTimeOffset back = Now.AddSeconds(8);
        Assert.Equal(back.AddSeconds(-4), _state.Acquire(OneASecond, back, Of("wf4")).Offer!.At);
        Assert.Equal(Now.AddSeconds(20), _state.Acquire(OneASecond, back, Of("wf1")).Offer!.At);
    }

    [Fact]
    public void Tidy_ManyGone_MovesTheTimesOfTheOthersForwardAndTellsThem()
    {
        foreach (int i in Enumerable.Range(0, 1000))
        {
            _state.Acquire(OneASecond, Now, Of("gone") with { Path = $"0.{i}" });
        }

        _state.Acquire(OneASecond, Now, Of("a"));
        _state.Acquire(OneASecond, Now, Of("b"));

        Assert.True(_state.Tidy(OneASecond, Now, Nothing with { Gone = ["gone"] }));

        Assert.Equal(
            [("a", Now.AddSeconds(15), false), ("b", Now.AddSeconds(16), false)],
            _state.Held.Where(h => h.At > Now).Select(h => (h.Permit.Instance, h.At, h.Told)));
        Assert.Equal(Now.AddSeconds(17), _state.Acquire(OneASecond, Now, Of("c")).Offer!.At);
    }

    [Fact]
    public void Tidy_AfterTheFirstHaveBegun_MovesNobodyBeforeItsTime()
    {
        var slow = new LimitRule("mail", null, 0.01);
        _state.Acquire(slow, Now, Of("a"));
        _state.Acquire(slow, Now, Of("b"));

        Assert.True(_state.Acquire(slow, Now.AddSeconds(1), Of("a") with { Turn = new(0, 2, 0) }).Offer!.At == Now.AddSeconds(200));
        _state.Tidy(slow, Now.AddSeconds(30), Nothing);

        Assert.Equal([Now.AddSeconds(100), Now.AddSeconds(200)], _state.Held.Select(h => h.At));
    }

    [Fact]
    public void Tidy_NumbersChanged_HoldForWhatWaits()
    {
        foreach (int i in Enumerable.Range(0, 101))
        {
            _state.Acquire(OneASecond, Now, Of($"wf{i}"));
        }

        Assert.True(_state.Tidy(new("mail", null, 10), Now, Nothing));

        Assert.Equal(Now.AddSeconds(15 + 8.5), _state.Held.Max(h => h.At));
    }

    [Fact]
    public void Tidy_Suspended_IsPassedOverUntilItGoesOn()
    {
        var one = new LimitRule("database", 1);
        foreach (string instance in (string[])["a", "b", "c"])
        {
            _state.Acquire(one, Now, Of(instance));
        }

        _state.Tidy(one, Now, Nothing with { Asleep = ["b"] });
        Assert.Equal("c", Assert.Single(_state.Release(one, Now, Of("a"))).Instance);
        Assert.Empty(_state.Release(one, Now, Of("c")));

        _state.Tidy(one, Now, Nothing with { Awake = ["b"] });

        Assert.Equal(("b", false), (_state.Held.Single().Permit.Instance, _state.Held.Single().Told));
    }

    [Fact]
    public void Tidy_OverAsItWasSeen_FreesUnlessItWasConfirmedSince()
    {
        var one = new LimitRule("database", 1);
        _state.Acquire(one, Now, Of("a"));
        _state.Acquire(one, Now, Of("b"));
        var seen = new PermitAt(Of("a"), _state.Held.Single().At);

        _state.Acquire(one, Now.AddSeconds(70), Of("a"));
        _state.Tidy(one, Now.AddSeconds(71), Nothing with { Over = [seen] });
        Assert.Equal("a", _state.Held.Single().Permit.Instance);

        _state.Tidy(one, Now.AddSeconds(72), Nothing with { Over = [seen with { At = Now.AddSeconds(70) }] });
        Assert.Equal("b", _state.Held.Single().Permit.Instance);
    }

    [Fact]
    public void Tidy_KeyThatNoSettingDefines_LetsAllGo()
    {
        foreach (int i in Enumerable.Range(0, 5))
        {
            _state.Acquire(Two, Now, Of($"wf{i}"));
        }

        Assert.True(_state.Tidy(LimitRule.Unlimited("database"), Now, Nothing));

        Assert.Empty(_state.Waiting);
        Assert.Equal(5, _state.Held.Count);
    }

    [Fact]
    public void State_ThousandWaitersOfOneWorkflow_IsSmallAndComesBackWhole()
    {
        string id = Guid.NewGuid().ToString("N");
        foreach (int i in Enumerable.Range(0, 1000))
        {
            _state.Acquire(Two, Now, new($"{id}.0.{i / 200 * 200}", $"0.{i}", CallTurn.First, $"g{i / 200}"));
        }

        _state.Acquire(OneASecond with { Concurrency = 2 }, Now, new(id, "0.h.e", new(1, 12, 3), Recorded: false));
        _state.Tidy(OneASecond with { Concurrency = 2 }, Now, Nothing with { Asleep = [$"{id}.0.200"] });
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(_state);

        Assert.InRange(json.Length, 10_000, 20_000);
        LimiterState read = JsonSerializer.Deserialize<LimiterState>(json)!;
        Assert.Equal(_state.Waiting, read.Waiting);
        Assert.Equal(_state.Held, read.Held);
        Assert.Equal(_state.Asleep, read.Asleep);
        Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(read));
        _state = read;
        Assert.False(_state.IsEmpty(Now));
    }

    private static Cleanup Nothing { get; } = new([], [], [], [], []);

    private static Permit Of(string instance) => new(instance, "0", CallTurn.First);
}
