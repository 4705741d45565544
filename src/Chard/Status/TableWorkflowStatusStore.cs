using Azure;
using Azure.Data.Tables;
using Chard.Domain.Workflows;
using Chard.Platform;

namespace Chard.Status;

/// <summary>
/// Workflows in Table storage (<see cref="WorkflowRows"/>). A start is one request, a change one read and one request, whatever it
/// touches; a read of a state is one point read.
/// </summary>
public sealed class TableWorkflowStatusStore(
    TableServiceClient tables, StorageNames names, TimeProvider time, WorkflowSignals signals, ChardMetrics metrics)
    : IWorkflowStatusStore
{
    private readonly TableClient _table = tables.GetTableClient(names.WorkflowTable);
    private readonly WorkBeacon _active = new(tables.GetTableClient(names.WorkflowTable), "active", time);

    /// <inheritdoc/>
    public async Task<bool> TryAddAsync(WorkflowState state, WorkflowStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(start);
        await _active.LightAsync(cancellationToken);
        string write = WriteMark.New();
        try
        {
            await _table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Add, WorkflowRows.State(state, start.RequestHash, write)),
                    .. WorkflowRows.Indexes(state).Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                    new(TableTransactionActionType.Add, WorkflowRows.Active(state.Id, start)),
                ],
                cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return WriteMark.Is(await FindAsync(state.Id, WorkflowRows.StateKey(state.Id), cancellationToken), write);
        }
    }

    /// <inheritdoc/>
    public async Task<WorkflowState?> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, WorkflowRows.StateKey(id), cancellationToken) is { } row ? WorkflowRows.ToState(row) : null;

    /// <inheritdoc/>
    public async Task<string?> GetRequestHashAsync(string id, CancellationToken cancellationToken) =>
        (await FindAsync(id, WorkflowRows.StateKey(id), cancellationToken))?.GetString("RequestHash");

    /// <inheritdoc/>
    public async Task<WorkflowStart?> GetStartAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, WorkflowRows.ActiveKey(id), cancellationToken) is { } row ? WorkflowRows.ToStart(row) : null;

    /// <inheritdoc/>
    public async Task<WorkflowResult?> GetResultAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, WorkflowRows.ResultKey(id), cancellationToken) is { } row ? WorkflowRows.ToResult(row) : null;

    /// <inheritdoc/>
    public async Task<WorkflowState> UpdateAsync(WorkflowUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        WorkflowResult? result = update.Result is { } json ? new(json.GetRawText(), null)
            : update.ResultReference is { } reference ? new(null, reference)
            : null;
        WorkflowChange? change = await ChangeAsync(
            update.Id, state => WorkflowTransitions.Apply(state, update, time.GetUtcNow()), result, cancellationToken);
        return change?.State ?? throw new KeyNotFoundException($"Workflow '{update.Id}' has no status row.");
    }

    /// <inheritdoc/>
    public Task<WorkflowChange?> ChangeAsync(
        string id, Func<WorkflowState, WorkflowState?> decide, CancellationToken cancellationToken) =>
        ChangeAsync(id, decide, result: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<WorkflowStart?> TryClaimStartAsync(
        string id, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, WorkflowRows.ActiveKey(id), cancellationToken) is not { } row
            || WorkflowRows.ToStart(row) is not { } start
            || start.ScheduledAt > before)
        {
            return null;
        }

        try
        {
            WorkflowStart claimed = start with { ScheduledAt = now };
            await _table.UpdateEntityAsync(WorkflowRows.Active(id, claimed), row.ETag, TableUpdateMode.Replace, cancellationToken);
            return claimed;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            // Another was faster, or the workflow has ended meanwhile.
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<WorkflowPage> ListAsync(WorkflowFilter filter, int limit, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        string?[] conditions =
        [
            filter.Status is { } status ? TableClient.CreateQueryFilter($"Status eq {WorkflowRows.StatusText(status)}") : null,
            filter.AnyOf is { } some
                ? $"({string.Join(" or ", some.Select(s => TableClient.CreateQueryFilter($"Status eq {WorkflowRows.StatusText(s)}")))})"
                : null,
            filter.Workflow is { } workflow ? TableClient.CreateQueryFilter($"Workflow eq {workflow}") : null,
            filter.Owner is { } owner ? TableClient.CreateQueryFilter($"Owner eq {owner}") : null,
        ];
        string condition = string.Join(" and ", conditions.OfType<string>());
        (IReadOnlyList<TableEntity> rows, string? next) = await NewestFirst.ReadAsync(
            _table, WorkflowRows.Buckets.All, condition.Length == 0 ? null : condition, filter.Stamp, TimeWindow.Any, limit, continuation,
            cancellationToken);
        return new([.. rows.Select(WorkflowRows.ToState)], next);
    }

    /// <inheritdoc/>
    public async Task<ActiveWorkflows> GetActiveAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        if (cursor is null && await _active.IsOutAsync(cancellationToken))
        {
            return new([], null);
        }

        // A cursor is the last id given; its bucket is where to go on.
        var ids = new List<string>();
        IEnumerable<string> buckets = WorkflowRows.Buckets.All;
        string after = "a:";
        if (cursor is not null)
        {
            buckets = buckets.SkipWhile(b => b != WorkflowRows.Buckets.Of(cursor));
            after = WorkflowRows.ActiveKey(cursor);
        }

        foreach (string bucket in buckets)
        {
            await foreach (TableEntity row in _table.QueryAsync<TableEntity>(
                $"PartitionKey eq '{bucket}' and RowKey gt '{after}' and RowKey lt 'a;'", limit - ids.Count, ["RowKey"], cancellationToken))
            {
                ids.Add(WorkflowRows.IdOfActive(row.RowKey));
                if (ids.Count == limit)
                {
                    return new(ids, ids[^1]);
                }
            }

            after = "a:";
        }

        _active.Found(cursor is not null || ids.Count > 0);
        return new(ids, null);
    }

    /// <inheritdoc/>
    public Task SettleAsync(string id, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(WorkflowRows.Buckets.Of(id), WorkflowRows.ActiveKey(id), ETag.All, cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        string[] keys = [
            .. WorkflowRows.Indexes(state).Select(row => row.RowKey),
            .. WorkflowRows.EndedKey(state) is { } ended ? [ended] : Array.Empty<string>(),
            WorkflowRows.ActiveKey(state.Id), WorkflowRows.ResultKey(state.Id), WorkflowRows.StateKey(state.Id)];
        foreach (string key in keys)
        {
            // One by one, for some may not be there, and the state last: as long as it is there, this can be done again.
            await _table.DeleteEntityAsync(WorkflowRows.Buckets.Of(state.Id), key, ETag.All, cancellationToken);
        }
    }

    private async Task<WorkflowChange?> ChangeAsync(
        string id, Func<WorkflowState, WorkflowState?> decide, WorkflowResult? result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decide);
        while (true)
        {
            if (await FindAsync(id, WorkflowRows.StateKey(id), cancellationToken) is not { } row)
            {
                return null;
            }

            WorkflowState state = WorkflowRows.ToState(row);
            if (decide(state) is not { } next)
            {
                return new(state, Refused: true);
            }

            if (ReferenceEquals(next, state))
            {
                return new(state, Refused: false);
            }

            string write = WriteMark.New();
            if (await TryWriteAsync(Changes(row, next, result, write), cancellationToken)
                || WriteMark.Is(await FindAsync(id, WorkflowRows.StateKey(id), cancellationToken), write))
            {
                signals.Notify(id);
                if (WorkflowTransitions.IsFinal(next.Status) && !WorkflowTransitions.IsFinal(state.Status))
                {
                    metrics.WorkflowEnded(next.Workflow, WorkflowRows.StatusText(next.Status));
                }

                return new(next, Refused: false);
            }

            // Somebody wrote in between: decide again on what holds now.
        }
    }

    private async Task<bool> TryWriteAsync(IEnumerable<TableTransactionAction> changes, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(changes, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    private static IEnumerable<TableTransactionAction> Changes(TableEntity row, WorkflowState next, WorkflowResult? result, string write)
    {
        yield return new(
            TableTransactionActionType.UpdateReplace, WorkflowRows.State(next, row.GetString("RequestHash"), write), row.ETag);
        foreach (TableEntity index in WorkflowRows.Indexes(next))
        {
            yield return new(TableTransactionActionType.UpsertReplace, index);
        }

        if (WorkflowRows.EndedKey(next) is { } ended)
        {
            yield return new(TableTransactionActionType.UpsertReplace, WorkflowRows.Ended(ended, next));
        }

        if (result is not null)
        {
            yield return new(TableTransactionActionType.UpsertReplace, WorkflowRows.Result(next.Id, result));
        }

        // What a user ended may have instances that still run: those are looked after until they have ended too.
        if (next.Status is WorkflowStatus.Completed or WorkflowStatus.Failed)
        {
            yield return new(
                TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, WorkflowRows.ActiveKey(next.Id)), ETag.All);
        }
    }

    private async Task<TableEntity?> FindAsync(string id, string rowKey, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> response = await _table.GetEntityIfExistsAsync<TableEntity>(
            WorkflowRows.Buckets.Of(id), rowKey, cancellationToken: cancellationToken);
        return response.HasValue ? response.Value : null;
    }
}
