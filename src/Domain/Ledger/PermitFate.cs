using Chard.Domain.Limits;

namespace Chard.Domain.Ledger;

/// <summary>Decides whether a permit that was not given back is still worked under.</summary>
public static class PermitFate
{
    /// <summary>
    /// How long after its time a permit is kept for a call of which there is no sign: the offer's validity, and once more for clocks that
    /// differ and for an activity that waits for a worker.
    /// </summary>
    public static readonly TimeSpan Grace = LimiterState.Validity * 2;

    /// <summary>True if nobody works under the permit, and nobody will.</summary>
    /// <param name="held">The permit.</param>
    /// <param name="owner">How the instance stands that makes the call.</param>
    /// <param name="row">The call's row in the ledger; null if there is none.</param>
    /// <param name="now">The time, UTC.</param>
    public static bool IsOver(Holding held, PermitOwner owner, LedgerRow? row, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(held);
        if (row is not null && row.Turn >= held.Permit.Turn)
        {
            // A run that lost its lease to a crash is tried again by an instance that lives, under the same permit.
            return row.Turn > held.Permit.Turn || row.Status != LedgerStatus.Running || (owner == PermitOwner.Gone && row.LeaseUntil < now);
        }

        if (owner == PermitOwner.Gone && now < held.At)
        {
            return true; // it was still waiting for its time
        }

        // Without a row nobody knows whether a suspended instance's task is at work.
        return now > held.At + Grace && (owner == PermitOwner.Gone || (owner == PermitOwner.Suspended && held.Permit.Recorded));
    }
}

/// <summary>How the instance stands that has a permit.</summary>
public enum PermitOwner
{
    /// <summary>It is at work.</summary>
    AtWork,

    /// <summary>It is suspended: what runs finishes, and nothing new begins.</summary>
    Suspended,

    /// <summary>It has ended, or is gone.</summary>
    Gone,
}
