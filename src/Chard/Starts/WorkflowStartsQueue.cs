using Azure.Storage.Queues.Models;
using Chard.Domain.Failures;
using Chard.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Starts;

/// <summary>
/// Starts workflows from a queue; a message is the document of <c>POST /api/workflows</c>, plain or in Base64. What cannot be started
/// becomes a dead letter: at once if trying again would not help, else after the last try. The platform's poison queue gets only what
/// could not even be written down, and a second function writes that down later.
/// </summary>
public sealed class WorkflowStartsQueue(IWorkflowStarter starter, IRefusedMessages refused)
{
    /// <summary>
    /// Starts what one message asks for. A message without an id gives the workflow its own, so that a
    /// second delivery starts nothing.
    /// </summary>
    [Function("WorkflowStarts")]
    public async Task RunAsync(
        [QueueTrigger(StorageNames.StartQueueTrigger)] QueueMessage message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            StartRequest request = StartDocument.Parse(QueueText.Decode(message).Span);
            await starter.StartAsync(
                request.Id is null ? request with { Id = "queue-" + message.MessageId } : request, client, cancellationToken);
        }
        catch (InvalidStartException e)
        {
            await refused.AddAsync(message, "invalid-start", e.Message, cancellationToken);
        }
        catch (StartConflictException e)
        {
            await refused.AddAsync(message, "id-taken", e.Message, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException && message.DequeueCount >= StorageNames.MaxDequeueCount)
        {
            await refused.AddAsync(message, IRefusedMessages.PoisonClass, $"{FailureType.Of(e)}: {e.Message}", cancellationToken);
        }
    }

    /// <summary>
    /// Writes down what the host gave up on. A queue named so has no poison queue of its own: a message
    /// stays until it is written down.
    /// </summary>
    [Function("PoisonedWorkflowStarts")]
    public Task RunPoisonedAsync(
        [QueueTrigger(StorageNames.PoisonedStartQueueTrigger)] QueueMessage message,
        CancellationToken cancellationToken) =>
        refused.AddAsync(
            message, IRefusedMessages.PoisonClass,
            $"The host gave the message up after {StorageNames.MaxDequeueCount} tries; the log tells why.", cancellationToken);
}
