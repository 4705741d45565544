using Chard.DeadLetters;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Running;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>
/// Deletes a workflow that has ended, with all that was ever stored of it: dead letters, payloads, ledger, what the app keeps, instances,
/// places in lists, result, and last its row. As long as that is there everything can be done again, so a crash leaves no orphan, and
/// nobody can start the id anew. Dead letters go first, so that nobody can retry one whose arguments are gone.
/// </summary>
public sealed partial class WorkflowDeletion(
    EndedWorkflows ended,
    IWorkflowStatusStore store,
    WorkflowControl control,
    DeadLetterDeletion letters,
    IPayloadStore payloads,
    OldPayloads oldPayloads,
    LedgerDeletion ledger,
    IEnumerable<IWorkflowRetention> others,
    RunningWorkflows running,
    RetentionSettings settings,
    TimeProvider time,
    ILogger<WorkflowDeletion> logger)
{
    /// <summary>
    /// How long after its end something may still be written for a workflow, by a run that nobody waits for: what is deleted earlier is
    /// looked after again so much later. An hour.
    /// </summary>
    public static readonly TimeSpan Late = TimeSpan.FromHours(1);

    /// <summary>How old that has to be then: a start of the same id stores its arguments before it has a row. 10 minutes.</summary>
    public static readonly TimeSpan Young = TimeSpan.FromMinutes(10);

    private const int PayloadsAtOnce = 250;

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <summary>Deletes a workflow, or as much of it as the budget allows.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="createdAt">When it was started, if only that one is meant; null for any.</param>
    /// <param name="requested">
    /// True if a user wants it gone: the sweep then does what is left, and an end that has just come is waited for, for two seconds.
    /// </param>
    /// <param name="client">The engine.</param>
    /// <param name="budget">Bounds the requests.</param>
    /// <param name="cancellationToken">Cancels the call; what is deleted by then stays so.</param>
    public async Task<DeletionOutcome> DeleteAsync(
        string id,
        DateTimeOffset? createdAt,
        bool requested,
        DurableTaskClient client,
        RequestBudget budget,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(budget);
        budget.Spend();
        if (await ended.FindAsync(id, cancellationToken) is not { } workflow)
        {
            return new(DeletionResult.Unknown, DeletionReceipt.Nothing);
        }

        WorkflowState state = workflow.State;
        if (createdAt is not null && createdAt != state.CreatedAt)
        {
            return new(DeletionResult.Another, DeletionReceipt.Nothing);
        }

        if (!WorkflowTransitions.IsFinal(state.Status))
        {
            return Refused(state, WorkflowControlApi.Refusal(state.Status, "deleted"));
        }

        if (workflow.IsClaimed)
        {
            return new(DeletionResult.Unfinished, DeletionReceipt.Nothing);
        }

        if (await InstancesAsync(state, requested, client, budget, cancellationToken) is not { } instances)
        {
            return Refused(
                state,
                $"The workflow is {WorkflowRows.StatusText(state.Status)}, and its instances are still ending. Try again in a moment.");
        }

        budget.Spend(2);
        if (await letters.IsDeliveringAsync(id, time.GetUtcNow() - Late, cancellationToken))
        {
            return Refused(state, "A decision on one of its dead letters is on its way. Try again in a moment.");
        }

        // Nothing of what was looked at changes any more: the workflow has ended, and dead letters go under their own ETags.
        return await ended.TryClaimAsync(workflow, requested, cancellationToken) is { } claimed
            ? await DeleteAsync(claimed, requested, instances, client, budget, cancellationToken)
            : new(DeletionResult.Unfinished, DeletionReceipt.Nothing);
    }

    /// <summary>
    /// Deletes what was written late for a workflow that is gone. True if nothing is left, and the id needs no more looking after.
    /// </summary>
    public async Task<bool> DeleteLeftoversAsync(
        string id, DurableTaskClient client, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(budget);
        budget.Spend();
        if (await client.GetInstanceAsync(id, cancellationToken) is not null)
        {
            // Not deleted: storage has lost its row, and the next read makes it anew.
            return true;
        }

        DateTimeOffset before = time.GetUtcNow() - Young;
        (Deleted late, _) = await letters.DeleteOfWorkflowAsync(id, before, before, budget, cancellationToken);
        Deleted blobs = await oldPayloads.DeleteAsync(id, before, budget, cancellationToken);
        Deleted rows = await ledger.DeleteAsync(id, before, budget, cancellationToken);
        if (late.Count + blobs.Count + rows.Count > 0)
        {
            LogLeftovers(logger, id, late.Count, blobs.Count, rows.Count);
        }

        return late.IsDone && blobs.IsDone && rows.IsDone;
    }

    private static DeletionOutcome Refused(WorkflowState state, string reason) =>
        new(DeletionResult.Refused, DeletionReceipt.Nothing, state.Status, reason);

    /// <summary>The instances to purge; null if one is at work still.</summary>
    private async Task<IReadOnlyList<string>?> InstancesAsync(
        WorkflowState state, bool wait, DurableTaskClient client, RequestBudget budget, CancellationToken cancellationToken)
    {
        for (TimeSpan look = FirstLook; ; look *= 2)
        {
            if (await IsSettledAsync(state, client, cancellationToken)
                && await InstanceTree.ListEndedAsync(client, state.Id, budget, cancellationToken) is { } instances)
            {
                return instances;
            }

            if (!wait || look > LongestLook)
            {
                return null;
            }

            await Task.Delay(look, time, cancellationToken);
        }
    }

    /// <summary>False if what a user or its time limit ended has instances that were not yet told.</summary>
    private async Task<bool> IsSettledAsync(WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken) =>
        state.Status is not (WorkflowStatus.Cancelled or WorkflowStatus.Expired)
        || await store.GetStartAsync(state.Id, cancellationToken) is null
        || await control.FinishEndingAsync(state, client, cancellationToken);

    private async Task<DeletionOutcome> DeleteAsync(
        StoredWorkflow claimed,
        bool requested,
        IReadOnlyList<string> instances,
        DurableTaskClient client,
        RequestBudget budget,
        CancellationToken cancellationToken)
    {
        var receipt = new Counts();
        using var patience = new CancellationTokenSource(EndedWorkflows.ClaimLength, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            if (await DeleteAllAsync(claimed, requested, instances, client, receipt, budget, either.Token))
            {
                running.Forget(claimed.State.Id);
                DeletionReceipt told = receipt.ToReceipt();
                LogDeleted(
                    logger, claimed.State.Id, told.Payloads, told.LedgerRows, told.DeadLetters, told.Instances, told.Others.Values.Sum());
                return new(DeletionResult.Deleted, told);
            }

            await ended.ReleaseAsync(claimed, either.Token);
        }
        catch (Exception) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // In whatever exception a client puts it: somebody else may claim it from now on, and what is left is left to them.
        }

        return new(DeletionResult.Unfinished, receipt.ToReceipt());
    }

    /// <summary>True if everything is gone.</summary>
    private async Task<bool> DeleteAllAsync(
        StoredWorkflow claimed,
        bool requested,
        IReadOnlyList<string> instances,
        DurableTaskClient client,
        Counts counts,
        RequestBudget budget,
        CancellationToken cancellationToken)
    {
        WorkflowState state = claimed.State;
        (Deleted dead, counts.IndexRows) = await letters.DeleteOfWorkflowAsync(
            state.Id, before: null, time.GetUtcNow() - Late, budget, cancellationToken);
        counts.DeadLetters = dead.Count;
        if (!dead.IsDone || !await DeletePayloadsAsync(state.Id, counts, budget, cancellationToken))
        {
            return false;
        }

        Deleted rows = await ledger.DeleteAsync(state.Id, before: null, budget, cancellationToken);
        counts.LedgerRows = rows.Count;
        if (!rows.IsDone)
        {
            return false;
        }

        foreach (IWorkflowRetention other in others)
        {
            budget.Spend();
            if (await other.DeleteAsync(state.Id, state.Workflow, cancellationToken) is > 0 and int count)
            {
                counts.Others[other.Name] = counts.Others.GetValueOrDefault(other.Name) + count;
            }
        }

        Deleted purged = await InstanceTree.PurgeAsync(client, instances, budget, cancellationToken);
        counts.Instances = purged.Count;
        DateTimeOffset now = time.GetUtcNow();
        if (!purged.IsDone
            || await ended.RemoveAsync(
                claimed, requested, now - state.CompletedAt < Late ? now + Late - settings.Ended : null, budget,
                cancellationToken) is not { } beside)
        {
            return false;
        }

        counts.IndexRows += beside;
        counts.Workflow = 1;
        return true;
    }

    private async Task<bool> DeletePayloadsAsync(string id, Counts counts, RequestBudget budget, CancellationToken cancellationToken)
    {
        while (!budget.IsSpent)
        {
            int most = Math.Min(budget.Left, PayloadsAtOnce);
            int deleted = await payloads.DeleteAllAsync(id, most, cancellationToken);
            counts.Payloads += deleted;
            budget.Spend(deleted + 1);
            if (deleted < most)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What has gone so far.</summary>
    private sealed class Counts
    {
        public int Payloads { get; set; }

        public int LedgerRows { get; set; }

        public int DeadLetters { get; set; }

        public int Instances { get; set; }

        public int IndexRows { get; set; }

        public int Workflow { get; set; }

        public Dictionary<string, int> Others { get; } = [];

        public DeletionReceipt ToReceipt() => new(Payloads, LedgerRows, DeadLetters, Instances, IndexRows, Workflow, Others);
    }

    [LoggerMessage(EventId = 211, EventName = "WorkflowDeleted", Level = LogLevel.Information,
        Message = "Deleted workflow {WorkflowId}: {Payloads} payloads, {LedgerRows} rows of tasks, {DeadLetters} dead letters, "
            + "{Instances} instances, {Others} things of the app's own")]
    private static partial void LogDeleted(
        ILogger logger, string workflowId, int payloads, int ledgerRows, int deadLetters, int instances, int others);

    [LoggerMessage(EventId = 213, EventName = "LeftoversDeleted", Level = LogLevel.Information,
        Message = "Deleted what was written for workflow {WorkflowId} after it was deleted: {DeadLetters} dead letters, "
            + "{Payloads} payloads, {LedgerRows} rows of tasks")]
    private static partial void LogLeftovers(ILogger logger, string workflowId, int deadLetters, int payloads, int ledgerRows);
}
