using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Calls;

/// <summary>
/// Reports a workflow as running again unless another task of it still waits for an operator: in one of several orchestrations none of
/// them knows of the others, but the dead letters tell. Safe to run twice.
/// </summary>
public sealed class UnparkWorkflow(IDeadLetterStore letters, WorkflowStates states)
{
    /// <summary>The activity.</summary>
    /// <exception cref="KeyNotFoundException">The workflow was never started.</exception>
    [Function(nameof(UnparkWorkflow))]
    public async Task RunAsync([ActivityTrigger] string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        DeadLetterPage page = await letters.ListAsync(
            new DeadLetterFilter { WorkflowId = id, State = DeadLetterState.Open, Parked = true },
            limit: 1,
            continuation: null,
            cancellationToken);
        if (page.DeadLetters.Count == 0)
        {
            await states.UpdateAsync(new WorkflowUpdate(id, WorkflowStatus.Running), client, cancellationToken);
        }
    }
}
