using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Status;

/// <summary>
/// Writes what an orchestrator reports into the workflow's status row. Safe to run twice: an update says what holds, not what
/// to add, and one that comes after the end changes nothing.
/// </summary>
public sealed class UpdateWorkflowStatus(WorkflowStates states)
{
    /// <summary>The activity.</summary>
    /// <exception cref="KeyNotFoundException">The workflow was never started.</exception>
    [Function(nameof(UpdateWorkflowStatus))]
    public Task RunAsync(
        [ActivityTrigger] WorkflowUpdate update, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        states.UpdateAsync(update, client, cancellationToken);
}
