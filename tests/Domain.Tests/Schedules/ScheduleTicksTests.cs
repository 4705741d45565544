using Chard.Domain.Schedules;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.Schedules;

public sealed class ScheduleTicksTests
{
    private static readonly DateTimeOffset Noon = ScheduleCronTests.At("2026-06-01T12:00:00Z");
    private static readonly ScheduleCron Hourly = ScheduleCronTests.Cron("0 * * * *", "UTC");

    // Five looks of two seconds.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(2 * ScheduleTicks.PromptLooks);

    [Theory]
    [InlineData(CatchUp.None)]
    [InlineData(CatchUp.Last)]
    [InlineData(CatchUp.All)]
    public void Due_TickOnTime_IsStartedUnderAnyPolicy(CatchUp catchUp)
    {
        DueTicks due = ScheduleTicks.Due(Hourly, Noon, Noon, Noon.AddHours(1).AddSeconds(2), catchUp, Prompt);

        Assert.Equal([Noon.AddHours(1)], due.Start);
        Assert.Equal((Noon.AddHours(1), 0), (due.Handled, due.Missed));
    }

    [Fact]
    public void Due_BeforeTheTick_IsNothing()
    {
        DueTicks due = ScheduleTicks.Due(Hourly, Noon, Noon, Noon.AddMinutes(59), CatchUp.All, Prompt);

        Assert.Empty(due.Start);
        Assert.Equal((Noon, 0), (due.Handled, due.Missed));
    }

    [Theory]
    [InlineData(CatchUp.None, "", 5)]
    [InlineData(CatchUp.Last, "5", 4)]
    [InlineData(CatchUp.All, "1 2 3 4 5", 0)]
    public void Due_HostWasDown_GoesByThePolicy(CatchUp catchUp, string hours, int missed)
    {
        DueTicks due = ScheduleTicks.Due(Hourly, Noon, Noon, Noon.AddHours(5.5), catchUp, Prompt);

        Assert.Equal(hours, string.Join(' ', due.Start.Select(t => (t - Noon).TotalHours)));
        Assert.Equal((Noon.AddHours(5), missed), (due.Handled, due.Missed));
    }

    [Fact]
    public void Due_LastAndATickOnTime_StartsThatOneOnly()
    {
        DueTicks due = ScheduleTicks.Due(Hourly, Noon, Noon, Noon.AddHours(5), CatchUp.Last, Prompt);

        Assert.Equal([Noon.AddHours(5)], due.Start);
        Assert.Equal(4, due.Missed);
    }

    [Fact]
    public void Due_AllAndMoreThanTheBound_StartsTheOldestAndWhatIsOnTime()
    {
        DueTicks due = ScheduleTicks.Due(Hourly, Noon, Noon, Noon.AddHours(150), CatchUp.All, Prompt);

        Assert.Equal([.. Enumerable.Range(1, ScheduleTicks.MaxCaughtUp), 150], due.Start.Select(t => (t - Noon).TotalHours));
        Assert.Equal((Noon.AddHours(150), 49), (due.Handled, due.Missed));
    }

    [Fact]
    public void Due_ClockSetBack_ChangesNothing() =>
        Assert.Equal(Noon, ScheduleTicks.Due(Hourly, Noon, Noon, Noon.AddDays(-1), CatchUp.All, Prompt).Handled);

    /// <summary>
    /// Under <c>none</c>, what becomes of the tick of 13:00, by when this host began to look and when it sees the tick: a host that was
    /// there starts it within ten seconds, one that was not leaves it for so long to those that may have been, and then it is missed.
    /// </summary>
    [Theory]
    [InlineData("12:00:00", "13:00:00", "started")]
    [InlineData("12:00:00", "13:00:02", "started")]
    [InlineData("12:00:00", "13:00:10", "started")]
    [InlineData("12:00:00", "13:00:11", "missed")]
    [InlineData("13:00:00", "13:00:00", "started")] // begins at the very moment: it is not past
    [InlineData("13:00:01", "13:00:01", "left")]
    [InlineData("13:00:01", "13:00:10", "left")]
    [InlineData("13:00:01", "13:00:11", "missed")]
    [InlineData("13:00:40", "13:00:40", "missed")]
    public void Due_None_StartsNothingThatIsPast(string since, string now, string outcome)
    {
        DueTicks due = ScheduleTicks.Due(Hourly, Noon, At(since), At(now), CatchUp.None, Prompt);

        Assert.Equal(outcome, due switch { { Start.Count: 1 } => "started", { Missed: 1 } => "missed", _ => "left" });
        Assert.Equal(outcome == "left" ? Noon : Noon.AddHours(1), due.Handled);
    }

    [Fact]
    public void Due_NoneAndATickOnTimeAfterOneThatWasLeft_CountsThatAsMissed()
    {
        ScheduleCron secondly = ScheduleCronTests.Cron("* * * * * *", "UTC");

        DueTicks due = ScheduleTicks.Due(secondly, At("12:59:30"), At("13:00:01"), At("13:00:02"), CatchUp.None, Prompt);

        Assert.Equal([At("13:00:01"), At("13:00:02")], due.Start);
        Assert.Equal((At("13:00:02"), 30), (due.Handled, due.Missed));
    }

    /// <summary>
    /// However looks and outages follow each other: every tick is decided once, in order; under <c>all</c> none is left out within the
    /// bound.
    /// </summary>
    [Property(MaxTest = 300)]
    public Property Due_AnyLooks_DecideEachTickOnce() => Prop.ForAll(Histories, history =>
    {
        ScheduleCron cron = ScheduleCronTests.Cron(history.Cron, history.Zone);
        DateTimeOffset first = history.Begin;
        DateTimeOffset handled = first;
        DateTimeOffset now = first;
        DateTimeOffset since = first;
        var started = new List<DateTimeOffset>();
        long missed = 0;
        bool withinBound = true;
        foreach (int seconds in history.Pauses)
        {
            now = now.AddSeconds(seconds);
            since = TimeSpan.FromSeconds(seconds) > Prompt ? now : since;
            DueTicks due = ScheduleTicks.Due(cron, handled, since, now, history.CatchUp, Prompt);
            List<DateTimeOffset> left = Between(cron, due.Handled, now);
            int decided = Between(cron, handled, due.Handled).Count;
            Assert.Equal(decided, due.Start.Count + due.Missed);
            Assert.True(due.Handled >= handled && due.Handled <= now);
            Assert.All(left, tick => Assert.True(history.CatchUp == CatchUp.None && tick < since && now - tick <= Prompt));
            Assert.True(history.CatchUp != CatchUp.None || due.Start.All(tick => tick >= since && now - tick <= Prompt));
            withinBound &= decided <= ScheduleTicks.MaxCaughtUp;
            handled = due.Handled;
            started.AddRange(due.Start);
            missed += due.Missed;
        }

        List<DateTimeOffset> all = Between(cron, first, handled);
        Assert.Equal(started.Distinct().Order(), started);
        Assert.Subset(all.ToHashSet(), started.ToHashSet());
        Assert.Equal(all.Count, started.Count + missed);
        if (history.CatchUp == CatchUp.All && withinBound)
        {
            Assert.Equal(all, started);
        }
    });

    private static Arbitrary<History> Histories => Arb.From(
        from cron in Gen.Elements("*/7 * * * * *", "* * * * *", "*/15 * * * *", "30 2 * * *", "*/20 2 * * *", "5 1-3 * * *", "0 0 * * 1")
        from zone in Gen.Elements("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
        from catchUp in Gen.Elements(CatchUp.None, CatchUp.Last, CatchUp.All)
        from begin in Gen.Elements(
            "2026-03-28T20:00:10Z", "2026-10-24T20:00:00Z", "2026-11-01T02:00:00Z", "2026-10-03T12:00:00Z", "2026-06-01T00:00:00Z")
        from pauses in Gen.Frequency((5, Gen.Choose(0, 4)), (3, Gen.Choose(30, 900)), (1, Gen.Choose(3_600, 40_000))).ListOf()
        select new History(cron, zone, catchUp, ScheduleCronTests.At(begin), [.. pauses]));

    private static DateTimeOffset At(string time) => ScheduleCronTests.At($"2026-06-01T{time}Z");

    private static List<DateTimeOffset> Between(ScheduleCron cron, DateTimeOffset after, DateTimeOffset until)
    {
        var ticks = new List<DateTimeOffset>();
        for (DateTimeOffset? tick = cron.Next(after); tick <= until; tick = cron.Next(tick.Value))
        {
            ticks.Add(tick.Value);
        }

        return ticks;
    }

    private sealed record History(string Cron, string Zone, CatchUp CatchUp, DateTimeOffset Begin, IReadOnlyList<int> Pauses);
}
