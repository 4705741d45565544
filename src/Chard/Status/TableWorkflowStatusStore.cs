using Azure;
using Azure.Data.Tables;
using Chard.Domain.Workflows;
using Chard.Platform;

namespace Chard.Status;

/// <summary>
/// Workflows in Table storage (<see cref="WorkflowRows"/>). A start is one write, whatever it touches, and so is a change of a state that
/// this process wrote last; of another one it is a read more. What comes at one moment shares requests (<see cref="TableWriter"/>). A
/// read of a state is one point read.
/// </summary>
public sealed class TableWorkflowStatusStore(TableWriter writer, TimeProvider time, WorkflowSignals signals, ChardMetrics metrics)
    : IWorkflowStatusStore
{
    /// <summary>How many states are remembered: those that this process wrote or changed last.</summary>
    public const int Remembered = 10_000;

    private readonly TableClient _table = writer.Table;
    private readonly WorkBeacon _active = new(writer.Table, "active", time);
    private readonly RecentStates _recent = new(Remembered);

    /// <inheritdoc/>
    public async Task<bool> TryAddAsync(WorkflowState state, WorkflowStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(start);
        await _active.LightAsync(cancellationToken);
        string write = WriteMark.New();
        UnitOutcome outcome = await writer.WriteAsync(
            [
                new(TableTransactionActionType.Add, WorkflowRows.State(state, start.RequestHash, write)),
                .. WorkflowRows.Indexes(state).Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                new(TableTransactionActionType.Add, WorkflowRows.Active(state.Id, start)),
            ],
            cancellationToken);
        if (outcome.Versions is { } versions)
        {
            _recent.Keep(new(state, start.RequestHash, versions[0]));
            return true;
        }

        return WriteMark.Is(await FindAsync(state.Id, WorkflowRows.StateKey(state.Id), cancellationToken), write);
    }

    /// <inheritdoc/>
    public async Task<WorkflowState?> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, WorkflowRows.StateKey(id), cancellationToken) is { } row ? WorkflowRows.ToState(row) : null;

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, WorkflowState>> GetAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        ManyStates.ReadAsync(_table, ids, cancellationToken);

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
        WorkflowChange? change = await ChangeAsync(update.Id, Apply(update), ResultOf(update), cancellationToken);
        return change?.State ?? throw new KeyNotFoundException($"Workflow '{update.Id}' has no status row.");
    }

    /// <inheritdoc/>
    public Task<WorkflowChange?> ChangeAsync(
        string id, Func<WorkflowState, WorkflowState?> decide, CancellationToken cancellationToken) =>
        ChangeAsync(id, decide, result: null, cancellationToken);

    /// <inheritdoc/>
    public WorkflowJoin? TryJoin(string id, Func<WorkflowState, WorkflowState?> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return TryJoin(id, decide, result: null);
    }

    /// <inheritdoc/>
    public WorkflowJoin? TryJoin(WorkflowUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return TryJoin(update.Id, Apply(update), ResultOf(update));
    }

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
        (IReadOnlyList<TableEntity> rows, string? next) = await NewestFirst.ReadAsync(
            _table, WorkflowRows.Buckets.All, WorkflowLists.ConditionOf(filter), filter.Stamp, new(filter.From, filter.Before), limit,
            continuation, cancellationToken);
        return new([.. rows.Select(WorkflowRows.ToState)], next);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowState>> ListByIdAsync(
        string idPrefix, WorkflowFilter filter, int limit, CancellationToken cancellationToken) =>
        WorkflowLists.ByIdAsync(_table, idPrefix, filter, limit, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListActiveAsync(CancellationToken cancellationToken) =>
        WorkflowLists.ActiveAsync(_table, cancellationToken);

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
        _recent.Drop(state.Id);
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

    private Func<WorkflowState, WorkflowState?> Apply(WorkflowUpdate update) =>
        state => WorkflowTransitions.Apply(state, update, time.GetUtcNow());

    private static WorkflowResult? ResultOf(WorkflowUpdate update) =>
        update.Result is { } json ? new(json.GetRawText(), null)
        : update.ResultReference is { } reference ? new(null, reference)
        : null;

    private WorkflowJoin? TryJoin(string id, Func<WorkflowState, WorkflowState?> decide, WorkflowResult? result) =>
        _recent.Find(id) is { } known && decide(known.State) is { } next && !ReferenceEquals(next, known.State)
            ? Join(known, next, result)
            : null;

    private WorkflowJoin Join(KnownState known, WorkflowState next, WorkflowResult? result) => new(known, next, result, _recent, Told);

    private async Task<WorkflowChange?> ChangeAsync(
        string id, Func<WorkflowState, WorkflowState?> decide, WorkflowResult? result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decide);
        WorkflowJoin? change = TryJoin(id, decide, result);
        while (true)
        {
            if (change is not null && await change.WriteAsync(writer, [], cancellationToken) is not null)
            {
                return new(change.State, Refused: false);
            }

            // Nothing is remembered, or nothing that asks for a change, or it did not hold: what storage has decides.
            if (await FindAsync(id, WorkflowRows.StateKey(id), cancellationToken) is not { } row)
            {
                return null;
            }

            KnownState known = WorkflowRows.ToKnown(row);
            _recent.Keep(known);
            if (change?.Wrote(row) == true)
            {
                change.Found();
                return new(known.State, Refused: false);
            }

            if (decide(known.State) is not { } next)
            {
                return new(known.State, Refused: true);
            }

            if (ReferenceEquals(next, known.State))
            {
                return new(known.State, Refused: false);
            }

            change = Join(known, next, result);
        }
    }

    private void Told(WorkflowJoin change)
    {
        signals.Notify(change.State);
        if (WorkflowTransitions.IsFinal(change.State.Status) && !WorkflowTransitions.IsFinal(change.Before.Status))
        {
            metrics.WorkflowEnded(change.State.Workflow, WorkflowRows.StatusText(change.State.Status));
        }
    }

    private async Task<TableEntity?> FindAsync(string id, string rowKey, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> response = await _table.GetEntityIfExistsAsync<TableEntity>(
            WorkflowRows.Buckets.Of(id), rowKey, cancellationToken: cancellationToken);
        return response.HasValue ? response.Value : null;
    }
}
