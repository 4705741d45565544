using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Workflows;

/// <summary>
/// Starts workflows from queue <c>workflow-starts</c>; a message is the document of <c>POST /api/workflows</c>. A refused start
/// is thrown, so that the message comes again and at last lies on the poison queue with nothing lost.
/// </summary>
public sealed class WorkflowStartsQueue(IWorkflowStarter starter)
{
    /// <summary>Name of the queue.</summary>
    public const string QueueName = "workflow-starts";

    /// <summary>Starts what one message asks for. A message without an id gives the workflow its own, so that a second delivery starts nothing.</summary>
    [Function("WorkflowStarts")]
    public Task RunAsync(
        [QueueTrigger(QueueName)] QueueMessage message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        StartRequest request = StartDocument.Parse(message.Body.ToMemory().Span);
        return starter.StartAsync(
            request.Id is null ? request with { Id = "queue-" + message.MessageId } : request, client, cancellationToken);
    }
}
