using Azure;
using Azure.Data.Tables;
using Chard.Domain.Workflows;
using Chard.Platform;

namespace Chard.Status;

/// <summary>
/// The rows of workflows that have ended, for those who let them go: which ended longest ago, who deletes one, and its own end.
/// Whoever deletes a workflow claims it first, by its row's ETag. The row goes last, with all that stands beside it: as long as it is
/// there nobody can start its id anew, and a deletion that a crash ended is done again.
/// </summary>
public sealed class EndedWorkflows(TableServiceClient tables, StorageNames names, TimeProvider time)
{
    /// <summary>How long whoever claimed a workflow may go on: 2 minutes.</summary>
    public static readonly TimeSpan ClaimLength = TimeSpan.FromMinutes(2);

    /// <summary>For how long nobody else claims it, unless it is given back: 4 minutes, so that clocks may differ.</summary>
    public static readonly TimeSpan ClaimLapse = TimeSpan.FromMinutes(4);

    private const string Deleter = "Deleter";
    private const string DeletingUntil = "DeletingUntil";

    private readonly TableClient _table = tables.GetTableClient(names.WorkflowTable);

    /// <summary>The partitions, each to be asked by itself.</summary>
    public static IReadOnlyList<string> Partitions => WorkflowRows.Buckets.All;

    /// <summary>Those of a partition that ended before a time, longest ago first: one request.</summary>
    /// <param name="list">Which.</param>
    /// <param name="partition">One of <see cref="Partitions"/>.</param>
    /// <param name="after">Row key to go on after; null to begin.</param>
    /// <param name="before">When they have to have ended.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<EndedWorkflow>> ListAsync(
        EndedList list, string partition, string? after, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        string from = after ?? WorkflowRows.EndedPrefix(list, DateTimeOffset.MinValue);
        string until = WorkflowRows.EndedPrefix(list, before);
        await foreach (Page<TableEntity> page in _table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{partition}' and RowKey gt '{from}' and RowKey lt '{until}'", limit,
            cancellationToken: cancellationToken).AsPages())
        {
            return [.. page.Values.Select(
                row => new EndedWorkflow(row.GetString("Id"), row.GetDateTimeOffset("CreatedAt") ?? default, partition, row.RowKey))];
        }

        return [];
    }

    /// <summary>Takes a row out of its list that no workflow belongs to any more.</summary>
    public Task DropAsync(EndedWorkflow ended, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ended);
        return _table.DeleteEntityAsync(ended.Partition, ended.RowKey, ETag.All, cancellationToken);
    }

    /// <summary>A workflow's row; null if there is none.</summary>
    public async Task<StoredWorkflow?> FindAsync(string id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(
            WorkflowRows.Buckets.Of(id), WorkflowRows.StateKey(id), cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row }
            ? new(
                WorkflowRows.ToState(row), row.ETag,
                row.GetString(Deleter) is { Length: > 0 } && row.GetDateTimeOffset(DeletingUntil) > time.GetUtcNow())
            : null;
    }

    /// <summary>Claims a workflow that has ended, and if a user wants it gone notes that, so that the sweep does what is left.</summary>
    /// <returns>The row as it is now; null if somebody else was faster.</returns>
    public async Task<StoredWorkflow?> TryClaimAsync(StoredWorkflow workflow, bool requested, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        if (workflow.IsClaimed)
        {
            return null;
        }

        string write = WriteMark.New();
        WorkflowState state = workflow.State;
        var claim = new TableEntity(WorkflowRows.Buckets.Of(state.Id), WorkflowRows.StateKey(state.Id))
        {
            [Deleter] = write,
            [DeletingUntil] = time.GetUtcNow() + ClaimLapse,
        };
        List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateMerge, claim, workflow.Version)];
        if (requested)
        {
            actions.Add(new(TableTransactionActionType.UpsertReplace, WorkflowRows.Ended(RequestedKey(state.Id), state)));
        }

        try
        {
            Response<IReadOnlyList<Response>> response = await _table.SubmitTransactionAsync(actions, cancellationToken);
            return workflow with { Version = response.Value[0].Headers.ETag.GetValueOrDefault(), IsClaimed = true };
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            // Its own write, should only the answer have been lost.
            NullableResponse<TableEntity> now = await _table.GetEntityIfExistsAsync<TableEntity>(
                claim.PartitionKey, claim.RowKey, cancellationToken: cancellationToken);
            return now is { HasValue: true, Value: { } row } && row.GetString(Deleter) == write
                ? workflow with { Version = row.ETag, IsClaimed = true }
                : null;
        }
    }

    /// <summary>Gives a claim back, for the next run to go on.</summary>
    public async Task ReleaseAsync(StoredWorkflow claimed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        var row = new TableEntity(WorkflowRows.Buckets.Of(claimed.State.Id), WorkflowRows.StateKey(claimed.State.Id)) { [Deleter] = "" };
        try
        {
            await _table.UpdateEntityAsync(row, claimed.Version, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            // It was taken over, and is not ours to give.
        }
    }

    /// <summary>
    /// Deletes a claimed workflow's rows, all in one transaction: its places in the lists, its result, and itself.
    /// </summary>
    /// <param name="claimed">The workflow.</param>
    /// <param name="requested">True if a user wanted it gone, so that there is a note of it.</param>
    /// <param name="lookAgain">When the sweep is to look for what came late, as the end of something that is kept for
    /// <see cref="EndedList.Ended"/>'s time; null not to.</param>
    /// <param name="budget">Counts the requests.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many rows stood beside the workflow's own; null if somebody else has claimed it meanwhile.</returns>
    public async Task<int?> RemoveAsync(
        StoredWorkflow claimed, bool requested, DateTimeOffset? lookAgain, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        WorkflowState state = claimed.State;
        string partition = WorkflowRows.Buckets.Of(state.Id);
        string?[] beside =
        [
            .. WorkflowRows.Indexes(state).Select(row => row.RowKey),
            WorkflowRows.EndedKey(state),
            state.Status == WorkflowStatus.Completed ? WorkflowRows.ResultKey(state.Id) : null,
            requested ? RequestedKey(state.Id) : null,
        ];
        List<TableTransactionAction> actions =
        [
            TableDeletion.Of(partition, WorkflowRows.StateKey(state.Id), claimed.Version),
            .. beside.OfType<string>().Select(key => TableDeletion.Of(partition, key)),
        ];
        if (lookAgain is { } end)
        {
            actions.Add(new(
                TableTransactionActionType.UpsertReplace,
                WorkflowRows.Ended(WorkflowRows.EndedKey(EndedList.Ended, end, state.Id), state)));
        }

        if (await TableDeletion.SubmitAsync(_table, actions, budget, cancellationToken) is not null)
        {
            // Without its own, and those that the deletion itself has made.
            return actions.Skip(1).Count(
                a => a.ActionType == TableTransactionActionType.Delete && a.Entity.RowKey != RequestedKey(state.Id));
        }

        // Gone by this very transaction, whose answer was lost, and perhaps started anew; or in somebody else's hands.
        return await FindAsync(state.Id, cancellationToken) is { } now && now.State.CreatedAt == state.CreatedAt ? null : 0;
    }

    // Before everything that ended at any time: what a user wants gone is due at once.
    internal static string RequestedKey(string id) => WorkflowRows.EndedKey(EndedList.Ended, DateTimeOffset.MinValue, id);
}

/// <summary>A list of workflows that have ended.</summary>
public enum EndedList
{
    /// <summary>Those that completed, were cancelled or expired.</summary>
    Ended,

    /// <summary>Those that failed.</summary>
    Failed,
}

/// <summary>A row of such a list.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="CreatedAt">When it was started: tells it from another one that has its id since.</param>
/// <param name="Partition">Where the row is.</param>
/// <param name="RowKey">The row.</param>
public sealed record EndedWorkflow(string Id, DateTimeOffset CreatedAt, string Partition, string RowKey)
{
    /// <summary>True if a user wants it gone, whatever its age.</summary>
    public bool IsRequested => RowKey == EndedWorkflows.RequestedKey(Id);
}

/// <summary>A workflow's row.</summary>
/// <param name="State">Its state.</param>
/// <param name="Version">Its ETag.</param>
/// <param name="IsClaimed">True if somebody is deleting it.</param>
public sealed record StoredWorkflow(WorkflowState State, ETag Version, bool IsClaimed);
