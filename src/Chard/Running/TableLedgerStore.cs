using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Chard.Domain.Ledger;
using Chard.Platform;

namespace Chard.Running;

/// <summary>
/// The ledger in Table storage (<see cref="LedgerEntity"/>); a workflow's rows share a partition and are written in transactions.
/// </summary>
public sealed class TableLedgerStore : ILedgerStore, IDisposable
{
    private readonly TableClient _table;
    private readonly LedgerWriter _writer;
    private readonly CancellationTokenSource _ending = new();

    /// <summary>The store in an account.</summary>
    public TableLedgerStore(TableServiceClient tables, StorageNames names)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(names);
        _table = tables.GetTableClient(names.TaskTable);
        _writer = new(_table, _ending.Token);
    }

    /// <inheritdoc/>
    public Task<string?> TryAddAsync(LedgerRow row, CancellationToken cancellationToken) =>
        WriteAsync(TableTransactionActionType.Add, row, LedgerEntity.Whole(row), default, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> TryReplaceAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        WriteAsync(TableTransactionActionType.UpdateReplace, row, LedgerEntity.Whole(row), new(version), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> TryUpdateAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        WriteAsync(TableTransactionActionType.UpdateMerge, row, LedgerEntity.Changes(row), new(version), cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> TryUpdateAsync(
        LedgerRow row,
        string version,
        IReadOnlyList<LedgerRow> beside,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(beside);
        try
        {
            Response<IReadOnlyList<Response>> response = await _table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.UpdateMerge, LedgerEntity.Changes(row), new(version)),
                    .. beside.Select(r => new TableTransactionAction(TableTransactionActionType.UpsertReplace, LedgerEntity.Whole(r))),
                ],
                cancellationToken);
            return response.Value[0].Headers.ETag.GetValueOrDefault().ToString();
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<StoredRow?> GetAsync(LedgerKey key, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(
            key.Partition, key.Path, cancellationToken: cancellationToken);
        return found.HasValue ? LedgerEntity.Read(found.Value!) : null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LedgerRow> ListBelowAsync(
        string workflowId, string? shard, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {new LedgerKey(workflowId, shard, path).Partition} and RowKey ge {path + "."} and RowKey lt {path + "/"}");
        await foreach (TableEntity entity in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            yield return LedgerEntity.Read(entity).Row;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LedgerRow> ListAsync(string workflowId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The workflow's own partition, and those of its shards: '/' follows '.' and neither is in an id.
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {workflowId} or (PartitionKey ge {workflowId + "."} and PartitionKey lt {workflowId + "/"})");
        await foreach (TableEntity entity in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            yield return LedgerEntity.Read(entity).Row;
        }
    }

    /// <summary>Gives up what is under way.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private Task<string?> WriteAsync(
        TableTransactionActionType type,
        LedgerRow row,
        TableEntity entity,
        ETag version,
        CancellationToken cancellationToken) =>
        _writer.WriteAsync(new(new(type, entity, version), LedgerEntity.Bytes(row))).WaitAsync(cancellationToken);
}
