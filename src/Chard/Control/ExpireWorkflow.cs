using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>Ends a workflow whose time is over, with everything that runs below it.</summary>
public sealed class ExpireWorkflow(WorkflowControl control)
{
    /// <summary>The activity. Safe to run twice; does nothing to a workflow that has ended.</summary>
    [Function(nameof(ExpireWorkflow))]
    public Task RunAsync([ActivityTrigger] string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        control.ExpireAsync(id, client, cancellationToken);
}
