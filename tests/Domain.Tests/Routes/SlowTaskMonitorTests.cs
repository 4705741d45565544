using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Routes;

namespace Chard.Domain.Tests.Routes;

public sealed class SlowTaskMonitorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly CallTurn Second = new(0, 2, 0);

    [Fact]
    public void Interval_WithARow_DoublesToAQuarterOfAnHour()
    {
        Assert.Equal([1, 2, 4, 8, 15, 15, 15], Enumerable.Range(0, 7).Select(
            look => SlowTaskMonitor.Interval(look, withoutLedger: false, 600).TotalMinutes));
        Assert.Equal(SlowTaskMonitor.Longest, SlowTaskMonitor.Interval(int.MaxValue, withoutLedger: false, null));
    }

    [Theory]
    [InlineData(600.0, 660)]
    [InlineData(0.5, 60.5)]
    [InlineData(null, 86_400)]
    public void Interval_WithoutARow_IsLongerThanARunMayTake(double? limit, double seconds)
    {
        Assert.Equal(seconds, SlowTaskMonitor.Interval(0, withoutLedger: true, limit).TotalSeconds);
        Assert.Equal(seconds, SlowTaskMonitor.Interval(9, withoutLedger: true, limit).TotalSeconds);
    }

    [Fact]
    public void Of_NoRow_IsMissing() => Assert.Equal(SlowTaskState.Missing, SlowTaskMonitor.Of(null, Second, Now));

    [Theory]
    [InlineData(LedgerStatus.Running, 0, 30, SlowTaskState.Alive)]
    [InlineData(LedgerStatus.Running, 0, 0, SlowTaskState.Missing)] // its lease has run out
    [InlineData(LedgerStatus.Running, -1, 30, SlowTaskState.Alive)] // an earlier try that never ended keeps this one waiting
    [InlineData(LedgerStatus.Running, -1, 0, SlowTaskState.Missing)]
    [InlineData(LedgerStatus.Succeeded, 0, 0, SlowTaskState.Ended)]
    [InlineData(LedgerStatus.Succeeded, -1, 0, SlowTaskState.Ended)] // an earlier try's effect is there
    [InlineData(LedgerStatus.Failed, 0, 0, SlowTaskState.Ended)]
    [InlineData(LedgerStatus.Failed, -1, 0, SlowTaskState.Missing)] // the failure that this try follows
    [InlineData(LedgerStatus.RateLimited, 0, 0, SlowTaskState.Ended)]
    [InlineData(LedgerStatus.RateLimited, -1, 0, SlowTaskState.Missing)]
    public void Of_ARow_TellsWhetherAnybodyIsAtWork(LedgerStatus status, int earlier, int lease, SlowTaskState state) =>
        Assert.Equal(state, SlowTaskMonitor.Of(Row(status, Second with { Attempt = Second.Attempt + earlier }, lease), Second, Now));

    [Theory]
    [InlineData(null, false)] // the queue is empty
    [InlineData(-5, true)] // older messages wait before it
    [InlineData(0, true)] // it is the first
    [InlineData(5, false)] // the first is younger: this one has left
    public void MayWait_FirstMessageInTheQueue_TellsWhetherThisOneWaitsBehindIt(int? seconds, bool waits) =>
        Assert.Equal(waits, SlowTaskMonitor.MayWait(seconds is { } s ? Now.AddSeconds(s) : null, Now));

    private static LedgerRow Row(LedgerStatus status, CallTurn turn, int lease) => new()
    {
        Key = new("wf", null, "0"),
        Task = "Echo",
        Turn = turn,
        Status = status,
        Runner = "r",
        StartedAt = Now,
        LeaseUntil = Now.AddSeconds(lease),
        Failure = status is LedgerStatus.Failed or LedgerStatus.RateLimited ? new(FailureKind.Transient, "io", "broken") : null,
    };
}
