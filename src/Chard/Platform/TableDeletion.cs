using Azure;
using Azure.Data.Tables;

namespace Chard.Platform;

/// <summary>Deletes rows of one partition together, those that are there.</summary>
internal static class TableDeletion
{
    /// <summary>
    /// Sends a transaction of at most 100 actions. A row that was to be deleted and is not there is left out, and taken from
    /// <paramref name="actions"/>, but for the first: without it nothing is done.
    /// </summary>
    /// <returns>How many rows it changed; null if the first is gone, or has another version.</returns>
    public static async Task<int?> SubmitAsync(
        TableClient table, List<TableTransactionAction> actions, RequestBudget budget, CancellationToken cancellationToken)
    {
        while (true)
        {
            budget.Spend();
            try
            {
                await table.SubmitTransactionAsync(actions, cancellationToken);
                return actions.Count;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                return null;
            }
            catch (TableTransactionFailedException e) when (e is { Status: 404, FailedTransactionActionIndex: { } index })
            {
                if (index == 0)
                {
                    return null;
                }

                actions.RemoveAt(index);
            }
        }
    }

    /// <summary>The deletion of a row, whatever its version.</summary>
    public static TableTransactionAction Of(string partition, string rowKey) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, rowKey), ETag.All);

    /// <summary>The deletion of one version of a row.</summary>
    public static TableTransactionAction Of(string partition, string rowKey, ETag version) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, rowKey), version);
}
