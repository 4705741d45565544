using Chard.Domain.Identity;
using Chard.Domain.Ledger;

namespace Chard.Domain.Tests.Ledger;

public sealed class ClaimDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly CallTurn Second = new(0, 2, 0);

    [Theory]
    [InlineData(LedgerStatus.Running, 0, 30, ClaimAction.Wait)] // a duplicate of a running call
    [InlineData(LedgerStatus.Running, 0, 0, ClaimAction.RunInDoubt)] // its lease has run out
    [InlineData(LedgerStatus.Running, 1, 30, ClaimAction.Wait)] // a retry while another delivery of the failed try is alive
    [InlineData(LedgerStatus.Running, 1, 0, ClaimAction.RunInDoubt)] // a retry whose predecessor died unrecorded
    [InlineData(LedgerStatus.Running, -1, 30, ClaimAction.Superseded)] // a delivery that comes late
    [InlineData(LedgerStatus.Running, -1, 0, ClaimAction.Superseded)]
    [InlineData(LedgerStatus.Succeeded, 0, 0, ClaimAction.Answer)]
    [InlineData(LedgerStatus.Succeeded, 1, 0, ClaimAction.Answer)] // its end was recorded and the reply lost: the effect is there
    [InlineData(LedgerStatus.Succeeded, -1, 0, ClaimAction.Answer)]
    [InlineData(LedgerStatus.Failed, 0, 0, ClaimAction.Answer)]
    [InlineData(LedgerStatus.Failed, 1, 0, ClaimAction.Run)]
    [InlineData(LedgerStatus.Failed, -1, 0, ClaimAction.Superseded)]
    [InlineData(LedgerStatus.RateLimited, 0, 0, ClaimAction.Answer)]
    [InlineData(LedgerStatus.RateLimited, 1, 0, ClaimAction.Run)]
    [InlineData(LedgerStatus.RateLimited, -1, 0, ClaimAction.Superseded)]
    public void Of_RowOfAnotherRun_Decides(LedgerStatus status, int later, int leaseSeconds, ClaimAction action)
    {
        CallTurn turn = Second with { Attempt = Second.Attempt + later };

        Assert.Equal(action, ClaimDecision.Of(Row(status, leaseSeconds), turn, "me", Now));
    }

    [Fact]
    public void Of_OwnRunningRow_IsMine() =>
        Assert.Equal(ClaimAction.Mine, ClaimDecision.Of(Row(LedgerStatus.Running, 30), Second, "other", Now));

    [Theory]
    [InlineData(1, 1, 0)] // an operator's retry
    [InlineData(0, 2, 1)] // a call after a rate limit
    public void Of_LaterTurnOfAnyKind_RunsAfterAFailure(int generation, int attempt, int wait) =>
        Assert.Equal(ClaimAction.Run, ClaimDecision.Of(Row(LedgerStatus.Failed, 0), new(generation, attempt, wait), "me", Now));

    private static LedgerRow Row(LedgerStatus status, int leaseSeconds) => new()
    {
        Key = new("wf", null, "0"),
        Task = "Echo",
        Turn = Second,
        Status = status,
        Runner = "other",
        LeaseUntil = Now.AddSeconds(leaseSeconds),
        StartedAt = Now.AddMinutes(-1),
    };
}
