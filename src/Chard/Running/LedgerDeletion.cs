using Azure;
using Azure.Data.Tables;
using Chard.Platform;

namespace Chard.Running;

/// <summary>Deletes the ledger of a workflow that is about to go, all its partitions, a hundred rows in a request.</summary>
public sealed class LedgerDeletion(TableServiceClient tables, StorageNames names)
{
    private const int PageRows = 1000;
    private const int AtOnce = 4;

    private readonly TableClient _table = tables.GetTableClient(names.WorkflowTable);

    /// <summary>Deletes as many rows as the budget allows. Safe to repeat.</summary>
    /// <param name="workflowId">The workflow.</param>
    /// <param name="before">Only rows last written before this time; null for all.</param>
    /// <param name="budget">Bounds the requests.</param>
    /// <param name="cancellationToken">Cancels the call; what is deleted by then stays so.</param>
    public async Task<Deleted> DeleteAsync(
        string workflowId, DateTimeOffset? before, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(budget);
        int deleted = 0;
        bool isDone;
        bool again;
        do
        {
            (isDone, again) = (true, false);
            foreach (string filter in LedgerEntity.Of(workflowId))
            {
                await foreach (Page<TableEntity> page in _table.QueryAsync<TableEntity>(
                    filter, PageRows, ["PartitionKey", "RowKey", "Timestamp"], cancellationToken).AsPages())
                {
                    budget.Spend();
                    TableEntity[] rows = [.. page.Values.Where(row => before is null || row.Timestamp < before)];
                    (int count, bool missed) = await DeleteAsync(rows, budget, cancellationToken);
                    deleted += count;
                    again |= missed;
                    isDone &= rows.Length == page.Values.Count;
                    if (budget.IsSpent)
                    {
                        return new(deleted, IsDone: false);
                    }
                }
            }
        }
        while (again);

        return new(deleted, isDone);
    }

    private async Task<(int Deleted, bool Missed)> DeleteAsync(
        TableEntity[] rows, RequestBudget budget, CancellationToken cancellationToken)
    {
        int deleted = 0;
        bool missed = false;
        await Parallel.ForEachAsync(
            rows.GroupBy(row => row.PartitionKey).SelectMany(partition => partition.Chunk(TableWriter.MaxRows)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (some, token) =>
            {
                if (!budget.TrySpend())
                {
                    return;
                }

                try
                {
                    await _table.SubmitTransactionAsync(
                        some.Select(row => TableDeletion.Of(row.PartitionKey, row.RowKey)), token);
                    Interlocked.Add(ref deleted, some.Length);
                }
                catch (TableTransactionFailedException e) when (e.Status == 404)
                {
                    // Done before, and only the answer was lost; or some of them were. The next look tells.
                    Volatile.Write(ref missed, true);
                }
            });
        return (deleted, missed);
    }
}
