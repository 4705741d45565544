using Azure;
using Azure.Data.Tables;
using Chard.Domain.DeadLetters;
using Chard.Platform;

namespace Chard.DeadLetters;

/// <summary>
/// Dead letters in Table storage (<see cref="DeadLetterRows"/>). Writing one is one request, resolving one two reads and a request,
/// whatever stamps it has; a list by stamp is a read of the index and one of each dead letter on the page.
/// </summary>
public sealed class TableDeadLetterStore(TableServiceClient tables, StorageNames names, TimeProvider time) : IDeadLetterStore
{
    private const int DiscardPage = 100;
    private const int ReadsAtOnce = 16;

    private readonly TableClient _table = tables.GetTableClient(names.DeadLetterTable);
    private readonly WorkBeacon _parked = new(tables.GetTableClient(names.DeadLetterTable), "parked", time);
    private readonly WorkBeacon _undelivered = new(tables.GetTableClient(names.DeadLetterTable), "undelivered", time);

    /// <inheritdoc/>
    public async Task<bool> AddAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        if (letter.Parked)
        {
            await _parked.LightAsync(cancellationToken);
        }

        try
        {
            await _table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Add, DeadLetterRows.Pointer(letter)),
                    new(TableTransactionActionType.Add, DeadLetterRows.Letter(letter)),
                    .. DeadLetterRows.Indexes(letter).Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                    .. Waiting(letter, TableTransactionActionType.Add),
                ],
                cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<DeadLetter?> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } row ? DeadLetterRows.ToLetter(row) : null;

    /// <inheritdoc/>
    public async Task<DeadLetterPage> ListAsync(
        DeadLetterFilter filter, int limit, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        (IReadOnlyList<TableEntity> rows, string? next) = await NewestFirst.ReadAsync(
            _table, BucketsOf(filter), ConditionOf(filter), filter.Stamp, new(filter.From, filter.Before), limit, continuation,
            cancellationToken);
        return filter.Stamp is null
            ? new([.. rows.Select(DeadLetterRows.ToLetter)], next)
            : new(await LettersAsync(rows, filter, cancellationToken), next);
    }

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<DeadLetterGlance> Glances, bool IsMore)> GlanceAsync(
        DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        (IReadOnlyList<IndexRow> rows, bool isMore) = await NewestFirst.ScanAsync(
            _table, BucketsOf(filter), ConditionOf(filter), filter.Stamp, new(filter.From, filter.Before), ["Task", "Class", "Parked"],
            IDeadLetterStore.MostGlances, cancellationToken);
        return ([.. rows.Select(r => new DeadLetterGlance(
            r.Id, r.Row.GetString("Task"), r.Row.GetString("Class"), r.Row.GetBoolean("Parked") ?? false, r.CreatedAt))], isMore);
    }

    /// <inheritdoc/>
    public async Task<bool> TryResolveAsync(DeadLetter resolved, bool deliver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resolved);
        if (await FindAsync(resolved.Id, cancellationToken) is not { } row
            || DeadLetterRows.ToLetter(row).State != DeadLetterState.Open)
        {
            return false;
        }

        string write = WriteMark.New();
        TableEntity changed = DeadLetterRows.Letter(resolved);
        changed[WriteMark.Column] = write;
        List<TableTransactionAction> changes =
        [
            new(TableTransactionActionType.UpdateReplace, changed, row.ETag),
            .. DeadLetterRows.Indexes(resolved)
                .Select(index => new TableTransactionAction(TableTransactionActionType.UpsertReplace, index)),
            .. Waiting(resolved, TableTransactionActionType.Delete),
        ];
        if (DeadLetterRows.ResolvedKey(resolved) is { } key)
        {
            changes.Add(new(TableTransactionActionType.UpsertReplace, DeadLetterRows.Resolved(key, resolved)));
        }

        if (deliver)
        {
            await _undelivered.LightAsync(cancellationToken);
            changes.Add(new(TableTransactionActionType.UpsertReplace, DeadLetterRows.Undelivered(resolved)));
        }

        // A parked one may have no row that counts it: an earlier build wrote none.
        return await TableDeletion.SubmitAsync(_table, changes, new RequestBudget(int.MaxValue), cancellationToken) is not null

            // Resolved by somebody else, or deleted with its workflow; or by this very write, whose answer was lost.
            || WriteMark.Is(await FindAsync(resolved.Id, cancellationToken), write);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetUndeliveredAsync(int limit, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        if (await _undelivered.IsOutAsync(cancellationToken))
        {
            return ids;
        }

        foreach (string bucket in DeadLetterRows.Buckets.All)
        {
            await foreach (TableEntity row in _table.QueryAsync<TableEntity>(
                $"PartitionKey eq '{bucket}' and RowKey ge 'p:' and RowKey lt 'p;'", limit, ["RowKey"], cancellationToken))
            {
                ids.Add(DeadLetterRows.IdOfUndelivered(row.RowKey));
                if (ids.Count == limit)
                {
                    return ids;
                }
            }
        }

        _undelivered.Found(ids.Count > 0);
        return ids;
    }

    /// <inheritdoc/>
    public Task SetDeliveredAsync(string id, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(DeadLetterRows.BucketOf(id), DeadLetterRows.UndeliveredKey(id), ETag.All, cancellationToken);

    /// <inheritdoc/>
    public async Task<int> CountParkedAsync(CancellationToken cancellationToken)
    {
        if (await _parked.IsOutAsync(cancellationToken))
        {
            return 0;
        }

        int count = 0;
        foreach (string bucket in DeadLetterRows.Buckets.All.TakeWhile(_ => count < IDeadLetterStore.MostCounted))
        {
            await foreach (Page<TableEntity> page in _table.QueryAsync<TableEntity>(
                $"PartitionKey eq '{bucket}' and RowKey ge 'w:' and RowKey lt 'w;'",
                select: ["RowKey"], cancellationToken: cancellationToken)
                .AsPages())
            {
                count += page.Values.Count;
                if (count >= IDeadLetterStore.MostCounted)
                {
                    break;
                }
            }
        }

        _parked.Found(count > 0);
        return Math.Min(count, IDeadLetterStore.MostCounted);
    }

    /// <inheritdoc/>
    public async Task<int> DiscardOfWorkflowAsync(string workflowId, CancellationToken cancellationToken)
    {
        var open = new DeadLetterFilter { WorkflowId = workflowId, State = DeadLetterState.Open };
        int discarded = 0;
        string? continuation = null;
        do
        {
            DeadLetterPage page = await ListAsync(open, DiscardPage, continuation, cancellationToken);
            foreach (DeadLetter letter in page.DeadLetters)
            {
                DeadLetter resolved = letter with
                {
                    State = DeadLetterState.Discarded,
                    ResolvedAt = time.GetUtcNow(),
                    Resolution = new(DeadLetterAction.Discard),
                };
                discarded += await TryResolveAsync(resolved, deliver: false, cancellationToken) ? 1 : 0;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return discarded;
    }

    private static IEnumerable<TableTransactionAction> Waiting(DeadLetter letter, TableTransactionActionType change) =>
        letter.Parked ? [new(change, DeadLetterRows.Waiting(letter), ETag.All)] : [];

    private static IReadOnlyList<string> BucketsOf(DeadLetterFilter filter) =>
        filter.WorkflowId is { } one ? [DeadLetterRows.BucketOf(one)] : DeadLetterRows.Buckets.All;

    private static string? ConditionOf(DeadLetterFilter filter)
    {
        string?[] conditions =
        [
            filter.State is { } state ? TableClient.CreateQueryFilter($"State eq {DeadLetterRows.Name(state)}") : null,

            filter.Origin is { } origin ? TableClient.CreateQueryFilter($"Origin eq {DeadLetterRows.Name(origin)}") : null,
            filter.Task is { } task ? TableClient.CreateQueryFilter($"Task eq {task}") : null,
            filter.Class is { } failure ? TableClient.CreateQueryFilter($"Class eq {failure}") : null,
            filter.Workflow is { } workflow ? TableClient.CreateQueryFilter($"Workflow eq {workflow}") : null,
            filter.WorkflowId is { } id ? TableClient.CreateQueryFilter($"WorkflowId eq {id}") : null,
            filter.Parked is { } parked ? TableClient.CreateQueryFilter($"Parked eq {parked}") : null,
        ];
        string condition = string.Join(" and ", conditions.OfType<string>());
        return condition.Length == 0 ? null : condition;
    }

    /// <summary>The dead letters that rows of a stamp's list point to, without those resolved since the list was read.</summary>
    private async Task<IReadOnlyList<DeadLetter>> LettersAsync(
        IReadOnlyList<TableEntity> rows,
        DeadLetterFilter filter,
        CancellationToken cancellationToken)
    {
        var letters = new DeadLetter?[rows.Count];
        await Parallel.ForAsync(
            0, letters.Length, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(
                    rows[i].PartitionKey, rows[i].GetString("Key"), cancellationToken: token);
                letters[i] = found.HasValue ? DeadLetterRows.ToLetter(found.Value!) : null;
            });
        return [.. letters.OfType<DeadLetter>().Where(letter => filter.State is null || letter.State == filter.State)];
    }

    private async Task<TableEntity?> FindAsync(string id, CancellationToken cancellationToken)
    {
        string bucket = DeadLetterRows.BucketOf(id);
        NullableResponse<TableEntity> pointer = await _table.GetEntityIfExistsAsync<TableEntity>(
            bucket, DeadLetterRows.PointerKey(id), cancellationToken: cancellationToken);
        if (!pointer.HasValue)
        {
            return null;
        }

        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(
            bucket, pointer.Value!.GetString("Key"), cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }
}
