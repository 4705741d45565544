using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Workflows;

/// <summary>
/// Writes what an orchestrator reports into the workflow's status row. Safe to run twice: an update says what holds, not what
/// to add, and one that comes after the end changes nothing.
/// </summary>
public sealed class UpdateWorkflowStatus(IWorkflowStatusStore store)
{
    /// <summary>The activity.</summary>
    [Function(nameof(UpdateWorkflowStatus))]
    public Task RunAsync([ActivityTrigger] WorkflowUpdate update, CancellationToken cancellationToken) =>
        store.UpdateAsync(update, cancellationToken);
}
