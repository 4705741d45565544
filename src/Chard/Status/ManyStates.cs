using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Chard.Domain.Workflows;

namespace Chard.Status;

/// <summary>Reads the states of many workflows in few requests.</summary>
internal static class ManyStates
{
    // So many of one partition are read one by one, more with all that lies between them: workflows that are waited for began one after
    // the other, and so do their ids unless they were given.
    private const int PointReads = 2;

    /// <summary>The states by their ids, of those that have one.</summary>
    public static async Task<IReadOnlyDictionary<string, WorkflowState>> ReadAsync(
        TableClient table, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, WorkflowState>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            ids.GroupBy(WorkflowRows.Buckets.Of),
            cancellationToken,
            async (bucket, token) =>
            {
                string[] keys = [.. bucket.Select(WorkflowRows.StateKey).Order(StringComparer.Ordinal)];
                IAsyncEnumerable<TableEntity> rows = keys.Length > PointReads
                    ? BetweenAsync(table, bucket.Key, keys, token)
                    : OneByOneAsync(table, bucket.Key, keys, token);
                await foreach (TableEntity row in rows)
                {
                    WorkflowState state = WorkflowRows.ToState(row);
                    found[state.Id] = state;
                }
            });
        return found;
    }

    private static async IAsyncEnumerable<TableEntity> OneByOneAsync(
        TableClient table, string partition, string[] keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string key in keys)
        {
            NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
                partition, key, cancellationToken: cancellationToken);
            if (row.HasValue)
            {
                yield return row.Value!;
            }
        }
    }

    private static async IAsyncEnumerable<TableEntity> BetweenAsync(
        TableClient table, string partition, string[] keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {keys[0]} and RowKey le {keys[^1]}");
        var asked = new HashSet<string>(keys, StringComparer.Ordinal);
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (asked.Contains(row.RowKey))
            {
                yield return row;
            }
        }
    }
}
