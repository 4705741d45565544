namespace Chard.Domain.Ledger;

/// <summary>What a delivery got when it asked to run.</summary>
/// <param name="Lease">The right to run; null if it may not.</param>
/// <param name="InDoubt">With a lease: the run that died and whose effect is unknown; else null.</param>
/// <param name="Recorded">Without a lease: the row that answers; null if there is none yet.</param>
/// <param name="BusyFor">Without a lease and answer: how long the lease of another run lasts; null if a later call has been here.</param>
public sealed record ClaimResult(LedgerLease? Lease, LedgerRow? InDoubt, LedgerRow? Recorded, TimeSpan? BusyFor)
{
    internal static ClaimResult Run(LedgerLease lease, LedgerRow? inDoubt) => new(lease, inDoubt, null, null);

    internal static ClaimResult Answer(LedgerRow row) => new(null, null, row, null);

    internal static ClaimResult Busy(TimeSpan lease) => new(null, null, null, lease);

    internal static ClaimResult Superseded { get; } = new(null, null, null, null);
}
