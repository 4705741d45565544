using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Limits;

namespace Chard.Domain.Tests.Limits;

public sealed class PermitFateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(PermitOwner.Gone, null, 61, true)]
    [InlineData(PermitOwner.Gone, null, 59, false)] // its activity may wait for a worker
    [InlineData(PermitOwner.Gone, null, -5, true)] // it was still waiting for its time
    [InlineData(PermitOwner.Suspended, null, 61, true)]
    [InlineData(PermitOwner.Suspended, null, -5, false)]
    [InlineData(PermitOwner.AtWork, null, 86_400, false)]
    [InlineData(PermitOwner.Gone, "running", 0, false)] // works on under its lease
    [InlineData(PermitOwner.Gone, "died", 0, true)]
    [InlineData(PermitOwner.Suspended, "died", 0, false)]
    [InlineData(PermitOwner.AtWork, "died", 0, false)] // will be tried again, under the same permit
    [InlineData(PermitOwner.Gone, "ended", 0, true)]
    [InlineData(PermitOwner.Suspended, "ended", 0, true)]
    [InlineData(PermitOwner.AtWork, "ended", 0, true)] // an acquire that was delivered once more took it
    [InlineData(PermitOwner.AtWork, "earlier", 86_400, false)]
    [InlineData(PermitOwner.AtWork, "later", 0, true)]
    public void IsOver_EveryCase_GoesByOwnerAndRow(PermitOwner owner, string? row, int secondsSince, bool over)
    {
        var held = new Holding(new("wf", "0", new(0, 2, 0)), Now.AddSeconds(-secondsSince), Counts: true, Told: true);

        Assert.Equal(over, PermitFate.IsOver(held, owner, Row(row), Now));
    }

    [Fact]
    public void IsOver_SuspendedWithoutALedger_IsNotKnown() =>
        Assert.False(PermitFate.IsOver(
            new(new("wf", "0", CallTurn.First, Recorded: false), Now.AddDays(-1), Counts: true, Told: true), PermitOwner.Suspended, null,
            Now));

    private static LedgerRow? Row(string? kind) => kind is null ? null : new()
    {
        Key = new("wf", null, "0"),
        Task = "Echo",
        Turn = new(0, kind switch { "earlier" => 1, "later" => 3, _ => 2 }, 0),
        Status = kind is "running" or "died" or "later" ? LedgerStatus.Running : LedgerStatus.Failed,
        Runner = "r",
        StartedAt = Now,
        LeaseUntil = kind == "died" ? Now.AddSeconds(-1) : Now.AddSeconds(20),
    };
}
