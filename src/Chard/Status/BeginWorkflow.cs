using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Status;

/// <summary>
/// The first step of every workflow: reports it as running, unless it has ended already (cancelled before it began, or run to its
/// end by an instance before this one) or is to begin later.
/// </summary>
public sealed class BeginWorkflow(WorkflowStates states, TimeProvider time)
{
    /// <summary>The activity. Safe to run twice.</summary>
    /// <exception cref="KeyNotFoundException">The workflow was never started.</exception>
    [Function(nameof(BeginWorkflow))]
    public async Task<WorkflowBeginning> RunAsync(
        [ActivityTrigger] string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        WorkflowChange change = await states.ChangeAsync(id, Decide, client, cancellationToken)
            ?? throw new KeyNotFoundException(
                $"Workflow '{id}' was not started by this app. Start it through the API, the queue or IWorkflowStarter.");
        return BeginningOf(change.State);
    }

    /// <summary>
    /// The beginning of a workflow that may begin at once and has no time limit, to be written together with rows of its ledger. Null if
    /// this process does not remember it as such.
    /// </summary>
    internal WorkflowJoin? TryJoin(string id) =>
        states.TryJoin(id, Decide) is { State: { Status: WorkflowStatus.Running, ExpiresAt: null } } join ? join : null;

    /// <summary>How a workflow of this state is to begin.</summary>
    internal static WorkflowBeginning BeginningOf(WorkflowState state)
    {
        bool ended = WorkflowTransitions.IsFinal(state.Status);
        DateTimeOffset? waitUntil = !ended && state.Status == WorkflowStatus.Queued ? state.StartAt : null;
        return new(Proceed: !ended, waitUntil?.UtcDateTime, state.ExpiresAt?.UtcDateTime);
    }

    private WorkflowState? Decide(WorkflowState state)
    {
        DateTimeOffset now = time.GetUtcNow();
        return state.IsOverdue(now) ? WorkflowTransitions.Expire(state, now)
            : state.Status == WorkflowStatus.Queued && state.StartAt > now ? state
            : WorkflowTransitions.IsFinal(state.Status) ? state
            : WorkflowTransitions.Apply(state, new(state.Id, WorkflowStatus.Running), now);
    }
}

/// <summary>How a workflow is to begin.</summary>
/// <param name="Proceed">False if it has ended: nothing is to be done.</param>
/// <param name="WaitUntil">Not to begin before, UTC; null for at once.</param>
/// <param name="ExpiresAt">To be finished by, UTC; null for no such limit.</param>
public sealed record WorkflowBeginning(bool Proceed, DateTime? WaitUntil = null, DateTime? ExpiresAt = null);
