using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Chard.Domain.Workflows;

namespace Chard.Status;

/// <summary>Reads lists of workflows that are not those of <see cref="Platform.NewestFirst"/>, and makes conditions of filters.</summary>
internal static class WorkflowLists
{
    /// <summary>What a row of a list has to meet, in OData, but for stamp and time, which are places in it; null for nothing.</summary>
    public static string? ConditionOf(WorkflowFilter filter)
    {
        string?[] conditions =
        [
            filter.Status is { } status ? TableClient.CreateQueryFilter($"Status eq {WorkflowRows.StatusText(status)}") : null,
            filter.AnyOf is { } some
                ? $"({string.Join(" or ", some.Select(s => TableClient.CreateQueryFilter($"Status eq {WorkflowRows.StatusText(s)}")))})"
                : null,
            filter.Workflow is { } workflow ? TableClient.CreateQueryFilter($"Workflow eq {workflow}") : null,
            filter.Owner is { } owner ? TableClient.CreateQueryFilter($"Owner eq {owner}") : null,
            filter.Error is { } code ? TableClient.CreateQueryFilter($"ErrorCode eq {code}") : null,
        ];
        string condition = string.Join(" and ", conditions.OfType<string>());
        return condition.Length == 0 ? null : condition;
    }

    /// <summary>Workflows by the beginnings of their ids: a read of each partition, in order of ids.</summary>
    public static async Task<IReadOnlyList<WorkflowState>> ByIdAsync(
        TableClient table, string prefix, WorkflowFilter filter, int limit, CancellationToken cancellationToken)
    {
        string first = WorkflowRows.StateKey(prefix);
        string range = TableClient.CreateQueryFilter($"RowKey ge {first} and RowKey lt {first + "~"}"); // no id has a character so high
        string condition = ConditionOf(filter) is { } more ? $"{range} and ({more})" : range;
        IReadOnlyList<WorkflowState>[] found = await Task.WhenAll(
            WorkflowRows.Buckets.All.Select(b => OfPartitionAsync($"PartitionKey eq '{b}' and {condition}")));
        return [.. found.SelectMany(f => f).OrderBy(s => s.Id, StringComparer.Ordinal).Take(limit)];

        async Task<IReadOnlyList<WorkflowState>> OfPartitionAsync(string query)
        {
            var states = new List<WorkflowState>();
            await foreach (TableEntity row in table.QueryAsync<TableEntity>(
                query, Math.Min(limit, 1000), cancellationToken: cancellationToken))
            {
                // Neither stamps nor times can be asked for in this order.
                WorkflowState state = WorkflowRows.ToState(row);
                if ((filter.Stamp is null || state.Stamps.Contains(filter.Stamp))
                    && !(state.CreatedAt < filter.From) && !(state.CreatedAt >= filter.Before))
                {
                    states.Add(state);
                }

                if (states.Count == limit)
                {
                    break;
                }
            }

            return states;
        }
    }

    /// <summary>Ids of workflows that are looked after, partition by partition.</summary>
    public static async IAsyncEnumerable<string> ActiveAsync(
        TableClient table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string bucket in WorkflowRows.Buckets.All)
        {
            await foreach (TableEntity row in table.QueryAsync<TableEntity>(
                $"PartitionKey eq '{bucket}' and RowKey ge 'a:' and RowKey lt 'a;'", select: ["RowKey"],
                cancellationToken: cancellationToken))
            {
                yield return WorkflowRows.IdOfActive(row.RowKey);
            }
        }
    }
}
