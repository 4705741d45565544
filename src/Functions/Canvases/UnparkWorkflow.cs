using Chard.Domain.DeadLetters;
using Chard.Domain.Workflows;
using Chard.Functions.DeadLetters;
using Chard.Functions.Workflows;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Canvases;

/// <summary>
/// Reports a canvas as running again unless another task of it still waits for an operator: in a canvas of several orchestrations none of
/// them knows of the others, but the dead letters tell. Safe to run twice.
/// </summary>
public sealed class UnparkWorkflow(IDeadLetterStore letters, IWorkflowStatusStore store)
{
    /// <summary>The activity.</summary>
    /// <exception cref="KeyNotFoundException">The workflow has no row.</exception>
    [Function(nameof(UnparkWorkflow))]
    public async Task RunAsync([ActivityTrigger] string id, CancellationToken cancellationToken)
    {
        DeadLetterPage page = await letters.ListAsync(
            new DeadLetterFilter { WorkflowId = id, State = DeadLetterState.Open, Parked = true }, limit: 1, continuation: null, cancellationToken);
        if (page.DeadLetters.Count == 0)
        {
            await store.UpdateAsync(new WorkflowUpdate(id, WorkflowStatus.Running), cancellationToken);
        }
    }
}
