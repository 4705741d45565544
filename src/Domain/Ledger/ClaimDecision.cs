using Chard.Domain.Identity;

namespace Chard.Domain.Ledger;

/// <summary>What a delivery of a call does about the row it found.</summary>
public enum ClaimAction
{
    /// <summary>Claim the row and run.</summary>
    Run,

    /// <summary>Claim the row; an earlier run died and nobody knows whether its effect landed.</summary>
    RunInDoubt,

    /// <summary>The row is this run's own: its reply had been lost.</summary>
    Mine,

    /// <summary>Give what the row records.</summary>
    Answer,

    /// <summary>Another run holds the lease: look again later.</summary>
    Wait,

    /// <summary>A later call has been here: nobody waits for this one.</summary>
    Superseded,
}

/// <summary>The ledger's one decision, pure: who may run.</summary>
public static class ClaimDecision
{
    /// <summary>
    /// Decides for a delivery of the call <paramref name="turn"/> by <paramref name="runner"/> that found <paramref name="row"/>.
    /// </summary>
    public static ClaimAction Of(LedgerRow row, CallTurn turn, string runner, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Status switch
        {
            LedgerStatus.Running when row.Runner == runner => ClaimAction.Mine,

            // What has succeeded stays so, whichever call asks: its effect is there.
            LedgerStatus.Succeeded => ClaimAction.Answer,
            _ when turn < row.Turn => ClaimAction.Superseded,

            // Even a later call waits for a live run: its caller may have seen the failure of another delivery.
            LedgerStatus.Running when now < row.LeaseUntil => ClaimAction.Wait,
            LedgerStatus.Running => ClaimAction.RunInDoubt,
            _ when turn == row.Turn => ClaimAction.Answer,
            _ => ClaimAction.Run,
        };
    }
}
