using Azure;
using Azure.Data.Tables;
using Chard.Domain.DeadLetters;
using Chard.Platform;

namespace Chard.DeadLetters;

/// <summary>
/// Deletes dead letters with all rows that they have, each in one transaction under its row's ETag: one that an operator resolves at
/// the same moment stays.
/// </summary>
public sealed class DeadLetterDeletion(TableServiceClient tables, StorageNames names)
{
    private const int AtOnce = 4;

    private readonly TableClient _table = tables.GetTableClient(names.DeadLetterTable);

    /// <summary>The partitions, each to be asked by itself.</summary>
    public static IReadOnlyList<string> Partitions => DeadLetterRows.Buckets.All;

    /// <summary>Those of a partition that were resolved before a time, longest ago first: one request.</summary>
    /// <param name="partition">One of <see cref="Partitions"/>.</param>
    /// <param name="after">Row key to go on after; null to begin.</param>
    /// <param name="before">When they have to have been resolved.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<ResolvedDeadLetter>> ListResolvedAsync(
        string partition, string? after, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        string from = after ?? DeadLetterRows.ResolvedPrefix(DateTimeOffset.MinValue);
        await foreach (Page<TableEntity> page in _table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{partition}' and RowKey gt '{from}' and RowKey lt '{DeadLetterRows.ResolvedPrefix(before)}'", limit,
            cancellationToken: cancellationToken).AsPages())
        {
            return [.. page.Values.Select(row => new ResolvedDeadLetter(row.GetString("Id"), partition, row.RowKey))];
        }

        return [];
    }

    /// <summary>Takes a row out of that list: the dead letter is gone, or goes with its workflow.</summary>
    public Task DropAsync(ResolvedDeadLetter resolved, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resolved);
        return _table.DeleteEntityAsync(resolved.Partition, resolved.RowKey, ETag.All, cancellationToken);
    }

    /// <summary>
    /// True if a decision on one of a workflow's dead letters is on its way: made after <paramref name="since"/>, and not known to be
    /// delivered. What is older will never be.
    /// </summary>
    public async Task<bool> IsDeliveringAsync(string workflowId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await foreach (TableEntity row in UndeliveredAsync(workflowId, cancellationToken))
        {
            if (row.Timestamp >= since)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Deletes as many of a workflow's dead letters as the budget allows. Safe to repeat.</summary>
    /// <param name="workflowId">The workflow.</param>
    /// <param name="before">Only those written or resolved before this time; null for all.</param>
    /// <param name="since">One whose decision was made after this time, and is not known to be delivered, stays.</param>
    /// <param name="budget">Bounds the requests.</param>
    /// <param name="cancellationToken">Cancels the call; what is deleted by then stays so.</param>
    /// <returns>How many, and in how many rows beside their own.</returns>
    public async Task<(Deleted Letters, int IndexRows)> DeleteOfWorkflowAsync(
        string workflowId, DateTimeOffset? before, DateTimeOffset since, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(budget);
        int letters = 0;
        int indexRows = 0;
        int left = 0;
        await foreach (Page<TableEntity> page in Range(
            workflowId, DeadLetterRows.PointerKey(workflowId), ["PartitionKey", "RowKey", "Key", "Timestamp"], cancellationToken).AsPages())
        {
            budget.Spend();
            await Parallel.ForEachAsync(
                page.Values, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (pointer, token) =>
                {
                    if ((before is null || pointer.Timestamp < before) && budget.TrySpend()
                        && await DeleteAsync(pointer, before, since, budget, token) is { } rows)
                    {
                        Interlocked.Increment(ref letters);
                        Interlocked.Add(ref indexRows, rows - 1);
                    }
                    else
                    {
                        Interlocked.Increment(ref left);
                    }
                });
            if (budget.IsSpent)
            {
                return (new(letters, IsDone: false), indexRows);
            }
        }

        return (new(letters, left == 0), indexRows);
    }

    /// <summary>Deletes a dead letter that was resolved, unless its resolution is not known to be delivered.</summary>
    /// <returns>True if it is gone.</returns>
    public async Task<bool> DeleteResolvedAsync(DeadLetter letter, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        ArgumentNullException.ThrowIfNull(budget);
        budget.Spend();
        return await DeleteAsync(
            DeadLetterRows.Pointer(letter), before: null, since: DateTimeOffset.MinValue, budget, cancellationToken) is not null;
    }

    private async Task<int?> DeleteAsync(
        TableEntity pointer, DateTimeOffset? before, DateTimeOffset since, RequestBudget budget, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(
            pointer.PartitionKey, pointer.GetString("Key"), cancellationToken: cancellationToken);
        if (found is not { HasValue: true, Value: { } row })
        {
            await _table.DeleteEntityAsync(pointer.PartitionKey, pointer.RowKey, ETag.All, cancellationToken);
            return 1;
        }

        if (row.Timestamp >= before)
        {
            return null;
        }

        // Read after the dead letter: a decision made meanwhile has changed that one's ETag.
        DeadLetter letter = DeadLetterRows.ToLetter(row);
        TableEntity? undelivered = letter.State == DeadLetterState.Open ? null
            : await FindUndeliveredAsync(letter.Id, budget, cancellationToken);
        if (undelivered?.Timestamp >= since)
        {
            return null;
        }

        List<TableTransactionAction> actions = [TableDeletion.Of(row.PartitionKey, row.RowKey, row.ETag)];
        string?[] beside =
        [
            pointer.RowKey,
            .. DeadLetterRows.Indexes(letter).Select(index => index.RowKey),
            undelivered?.RowKey,
            DeadLetterRows.ResolvedKey(letter),
            letter is { Parked: true, State: DeadLetterState.Open } ? DeadLetterRows.Waiting(letter).RowKey : null,
        ];
        actions.AddRange(beside.OfType<string>().Select(key => TableDeletion.Of(row.PartitionKey, key)));
        return await TableDeletion.SubmitAsync(_table, actions, budget, cancellationToken);
    }

    private async Task<TableEntity?> FindUndeliveredAsync(string id, RequestBudget budget, CancellationToken cancellationToken)
    {
        budget.Spend();
        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(
            DeadLetterRows.BucketOf(id), DeadLetterRows.UndeliveredKey(id), cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private AsyncPageable<TableEntity> UndeliveredAsync(string workflowId, CancellationToken cancellationToken) =>
        Range(workflowId, DeadLetterRows.UndeliveredKey(workflowId), ["RowKey", "Timestamp"], cancellationToken);

    // Ids of a workflow's dead letters are its own and a dot, and more.
    private AsyncPageable<TableEntity> Range(string workflowId, string key, string[] columns, CancellationToken cancellationToken) =>
        _table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{DeadLetterRows.BucketOf(workflowId)}' and RowKey ge '{key}.' and RowKey lt '{key}/'",
            select: columns, cancellationToken: cancellationToken);
}

/// <summary>A row of the list of dead letters that were resolved.</summary>
/// <param name="Id">The dead letter's id.</param>
/// <param name="Partition">Where the row is.</param>
/// <param name="RowKey">The row.</param>
public sealed record ResolvedDeadLetter(string Id, string Partition, string RowKey);
