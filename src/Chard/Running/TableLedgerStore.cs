using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Chard.Domain.Ledger;
using Chard.Platform;
using Chard.Status;

namespace Chard.Running;

/// <summary>
/// The ledger in Table storage (<see cref="LedgerEntity"/>): rows that share a partition are written in transactions, with those of other
/// workflows.
/// </summary>
public sealed class TableLedgerStore(TableWriter writer) : ILedgerStore
{
    /// <inheritdoc/>
    public Task<string?> TryAddAsync(LedgerRow row, CancellationToken cancellationToken) =>
        WriteAsync([new(TableTransactionActionType.Add, LedgerEntity.Whole(row))], cancellationToken);

    /// <inheritdoc/>
    public Task<string?> TryReplaceAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        WriteAsync([new(TableTransactionActionType.UpdateReplace, LedgerEntity.Whole(row), new(version))], cancellationToken);

    /// <inheritdoc/>
    public Task<string?> TryUpdateAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        TryUpdateAsync(row, version, [], cancellationToken);

    /// <inheritdoc/>
    public Task<string?> TryUpdateAsync(
        LedgerRow row,
        string version,
        IReadOnlyList<LedgerRow> beside,
        CancellationToken cancellationToken) =>
        WriteAsync([.. Update(row, version, beside)], cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>?> TryAddAsync(
        IReadOnlyList<LedgerRow> rows, IJointWrite joint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlyList<ETag>? versions = await WriteAsync(
            joint,
            rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, LedgerEntity.Whole(row))),
            cancellationToken);
        return versions is null ? null : [.. versions.Select(version => version.ToString())];
    }

    /// <inheritdoc/>
    public async Task<string?> TryUpdateAsync(
        LedgerRow row, string version, IReadOnlyList<LedgerRow> beside, IJointWrite joint, CancellationToken cancellationToken) =>
        (await WriteAsync(joint, Update(row, version, beside), cancellationToken))?[0].ToString();

    /// <inheritdoc/>
    public async Task<StoredRow?> GetAsync(LedgerKey key, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await writer.Table.GetEntityIfExistsAsync<TableEntity>(
            LedgerEntity.PartitionOf(key), LedgerEntity.RowKeyOf(key), cancellationToken: cancellationToken);
        return found.HasValue ? LedgerEntity.Read(found.Value!) : null;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LedgerRow> ListBelowAsync(
        string workflowId, string? shard, string path, CancellationToken cancellationToken) =>
        QueryAsync(LedgerEntity.Below(new(workflowId, shard, path)), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LedgerRow> ListAsync(string workflowId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string filter in LedgerEntity.Of(workflowId))
        {
            await foreach (LedgerRow row in QueryAsync(filter, cancellationToken))
            {
                yield return row;
            }
        }
    }

    private async IAsyncEnumerable<LedgerRow> QueryAsync(string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableEntity entity in writer.Table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            yield return LedgerEntity.Read(entity).Row;
        }
    }

    private static IEnumerable<TableTransactionAction> Update(LedgerRow row, string version, IReadOnlyList<LedgerRow> beside) =>
        beside.Select(r => new TableTransactionAction(TableTransactionActionType.UpsertReplace, LedgerEntity.Whole(r)))
            .Prepend(new(TableTransactionActionType.UpdateMerge, LedgerEntity.Changes(row), new(version)));

    /// <summary>Writes rows together with a change of their workflow's state, which is what can be written with them.</summary>
    private Task<IReadOnlyList<ETag>?> WriteAsync(
        IJointWrite joint, IEnumerable<TableTransactionAction> rows, CancellationToken cancellationToken) =>
        joint is WorkflowJoin change
            ? change.WriteAsync(writer, [.. rows], cancellationToken)
            : throw new ArgumentException($"{joint?.GetType()} cannot be written together with rows of the ledger.", nameof(joint));

    private async Task<string?> WriteAsync(TableTransactionAction[] unit, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(unit, cancellationToken)).Versions?[0].ToString();
}
