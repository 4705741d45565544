namespace Chard.Domain.Ledger;

/// <summary>
/// Rows with versions. A write that returns null has lost a race, or repeats one of its own whose reply was lost: read the row to know.
/// </summary>
public interface ILedgerStore
{
    /// <summary>Adds a row. Its version, or null if there is a row already.</summary>
    Task<string?> TryAddAsync(LedgerRow row, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a row over the one of <paramref name="version"/>. Its new version, or null if the row has another one, or is gone.
    /// </summary>
    Task<string?> TryReplaceAsync(LedgerRow row, string version, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what a run changes of its own row (status, lease, end, result, failure, progress) over the one of
    /// <paramref name="version"/>. Its new version, or null if the row has another one, or is gone.
    /// </summary>
    Task<string?> TryUpdateAsync(LedgerRow row, string version, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="TryUpdateAsync(LedgerRow, string, CancellationToken)"/>, and with it, together or not at
    /// all, <paramref name="beside"/>: up to <see cref="MaxBeside"/> whole rows of the same part, each
    /// written whether it is there or not.
    /// </summary>
    Task<string?> TryUpdateAsync(LedgerRow row, string version, IReadOnlyList<LedgerRow> beside, CancellationToken cancellationToken);

    /// <summary>
    /// Adds rows and writes <paramref name="joint"/>, all or nothing. Their versions in order, or null if nothing is written.
    /// </summary>
    Task<IReadOnlyList<string>?> TryAddAsync(IReadOnlyList<LedgerRow> rows, IJointWrite joint, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="TryUpdateAsync(LedgerRow, string, IReadOnlyList{LedgerRow}, CancellationToken)"/>, and with it
    /// <paramref name="joint"/>, all or nothing. <paramref name="beside"/> may be empty.
    /// </summary>
    Task<string?> TryUpdateAsync(
        LedgerRow row, string version, IReadOnlyList<LedgerRow> beside, IJointWrite joint, CancellationToken cancellationToken);

    /// <summary>Most rows written beside another one.</summary>
    public const int MaxBeside = 99;

    /// <summary>The row of a key; null if there is none.</summary>
    Task<StoredRow?> GetAsync(LedgerKey key, CancellationToken cancellationToken);

    /// <summary>The rows of one part whose path is below <paramref name="path"/>, in no order.</summary>
    IAsyncEnumerable<LedgerRow> ListBelowAsync(string workflowId, string? shard, string path, CancellationToken cancellationToken);

    /// <summary>All rows of a workflow, part by part, each in ordinal order of its paths.</summary>
    IAsyncEnumerable<LedgerRow> ListAsync(string workflowId, CancellationToken cancellationToken);
}
