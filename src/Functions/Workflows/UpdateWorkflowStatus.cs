using System.Text;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Workflows;

/// <summary>
/// Writes what an orchestrator reports into the workflow's status row. Safe to run twice: an update says what holds, not what
/// to add, and one that comes after the end changes nothing. A result above 32 KiB goes to the payload store.
/// </summary>
public sealed class UpdateWorkflowStatus(IWorkflowStatusStore store, IPayloadStore payloads)
{
    /// <summary>The activity.</summary>
    /// <exception cref="KeyNotFoundException">The workflow has no row.</exception>
    [Function(nameof(UpdateWorkflowStatus))]
    public async Task RunAsync([ActivityTrigger] WorkflowUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (update.Result is { } result)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(result.GetRawText());
            if (utf8.Length > WorkflowStart.MaxInlineBytes)
            {
                PayloadReference reference = await payloads.WriteAsync(
                    update.Id, "result", (stream, token) => stream.WriteAsync(utf8, token).AsTask(), cancellationToken);
                update = update with { Result = null, ResultReference = reference };
            }
        }

        await store.UpdateAsync(update, cancellationToken);
    }
}
