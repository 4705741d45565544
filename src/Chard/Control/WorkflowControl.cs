using Chard.DeadLetters;
using Chard.Domain.Workflows;
using Chard.Running;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>
/// Ends, pauses and resumes workflows. The status row is changed first, by ETag, which decides every race; what runs follows. Should a
/// crash come in between, the sweep (<see cref="WorkflowSweep"/>) or a repeated call does the rest.
/// </summary>
public sealed partial class WorkflowControl(
    WorkflowStates states,
    IWorkflowStatusStore store,
    IDeadLetterStore deadLetters,
    RunningWorkflows running,
    TimeProvider time,
    ILogger<WorkflowControl> logger)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <summary>Ends a workflow that has not ended; its open dead letters are discarded. Null if the id is unknown.</summary>
    public async Task<WorkflowChange?> CancelAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        WorkflowChange? change = await states.ChangeAsync(
            id, state => WorkflowTransitions.Cancel(state, time.GetUtcNow()), client, cancellationToken);
        return await EndAsync(change, client, cancellationToken);
    }

    /// <summary>Ends a workflow whose time is over. Null if the id is unknown.</summary>
    public async Task<WorkflowChange?> ExpireAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        WorkflowChange? change = await states.ChangeAsync(
            id, state => WorkflowTransitions.Expire(state, time.GetUtcNow()), client, cancellationToken);
        return await EndAsync(change, client, cancellationToken);
    }

    /// <summary>
    /// Holds a workflow that is running or parked: what runs finishes, nothing new is started. Null if the id is unknown.
    /// </summary>
    public async Task<WorkflowChange?> PauseAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        WorkflowChange? change = await states.ChangeAsync(
            id, state => WorkflowTransitions.Pause(state, time.GetUtcNow()), client, cancellationToken);
        if (change is { Refused: false })
        {
            running.Pause(id, isPaused: true);
            await HoldAsync(id, client, cancellationToken);
        }

        return change;
    }

    /// <summary>
    /// Suspends the instances of a workflow whose row says paused, and looks again, for some two seconds at most, until all of them
    /// stand still: one that was at work may have begun others meanwhile. A resume may come between the row and the engine and find
    /// nothing suspended yet: then what has been suspended here is let go again, so that the row's last word holds.
    /// </summary>
    public async Task HoldAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await IsLetGoAsync(id, cancellationToken))
        {
            return;
        }

        TimeSpan look = FirstLook;
        while (!await InstanceTree.SuspendAsync(client, id, cancellationToken) && look <= LongestLook)
        {
            await Task.Delay(look, time, cancellationToken);
            look *= 2;
        }

        // Not before all stand still: an engine that has not yet done what it was asked shows nothing that could be
        // resumed, and suspends it then.
        if (await IsLetGoAsync(id, cancellationToken))
        {
            await InstanceTree.ResumeAsync(client, id, cancellationToken);
        }
    }

    /// <summary>Lets a paused workflow go on. Null if the id is unknown.</summary>
    public async Task<WorkflowChange?> ResumeAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        WorkflowChange? change = await states.ChangeAsync(
            id, state => WorkflowTransitions.Resume(state, time.GetUtcNow()), client, cancellationToken);
        if (change is { Refused: false })
        {
            running.Pause(id, isPaused: false);
            await InstanceTree.ResumeAsync(client, id, cancellationToken);
        }

        return change;
    }

    /// <summary>
    /// Does what is left to do after a workflow was ended by a user or its time limit. True if nothing is: its instances have ended,
    /// and it need not be looked after any more.
    /// </summary>
    public async Task<bool> FinishEndingAsync(WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool ended;
        try
        {
            ended = await InstanceTree.EndAsync(client, state.Id, WorkflowRows.StatusText(state.Status), cancellationToken);
        }
        finally
        {
            // After the instances: an orchestrator that is still at work would take a stopped task for a failed one and go on from there.
            running.End(state.Id);
        }

        int discarded = await deadLetters.DiscardOfWorkflowAsync(state.Id, cancellationToken);
        if (discarded > 0)
        {
            LogDiscarded(logger, discarded, state.Id);
        }

        if (ended)
        {
            await store.SettleAsync(state.Id, cancellationToken);
        }

        return ended;
    }

    private async Task<bool> IsLetGoAsync(string id, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken) is { Status: WorkflowStatus.Running or WorkflowStatus.Parked };

    private async Task<WorkflowChange?> EndAsync(WorkflowChange? change, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (change is { Refused: false })
        {
            await FinishEndingAsync(change.State, client, cancellationToken);
        }

        return change;
    }

    [LoggerMessage(EventId = 110, EventName = "DeadLettersDiscarded", Level = LogLevel.Information,
        Message = "Discarded {Count} dead letters of workflow {WorkflowId}, which has ended")]
    private static partial void LogDiscarded(ILogger logger, int count, string workflowId);
}
