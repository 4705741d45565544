using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Chard.Domain.DeadLetters;
using Chard.Domain.Payloads;
using Chard.Platform;
using Chard.Starts;
using Microsoft.DurableTask.Client;

namespace Chard.DeadLetters;

/// <summary>
/// Brings a resolution to where it is waited for: to the parked instance as an event, to a new workflow, or to the queue. May be done
/// twice: a waiter that has gone on ignores the event, and what is started has an id of its own.
/// </summary>
public sealed class DeadLetterDelivery(
    IDeadLetterStore store, IWorkflowStarter starter, IPayloadStore payloads, QueueServiceClient queues, StorageNames names)
{
    /// <summary>Delivers the resolution of a resolved dead letter, and notes it.</summary>
    public async Task DeliverAsync(DeadLetter letter, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        ArgumentNullException.ThrowIfNull(client);
        if (letter.Resolution is not { } resolution)
        {
            throw new ArgumentException($"Dead letter '{letter.Id}' is not resolved.", nameof(letter));
        }

        if (letter.RetriedAs is not null)
        {
            await starter.StartAsync(await StartOfAsync(letter, cancellationToken), client, cancellationToken);
        }
        else if (letter.Origin != DeadLetterOrigin.Task)
        {
            string queue = letter.Origin == DeadLetterOrigin.StartMessage ? names.StartQueue : names.SlowTaskQueue;
            await queues.GetQueueClient(queue).SendMessageAsync(
                await MessageOfAsync(letter, cancellationToken), cancellationToken);
        }
        else if (letter.InstanceId is { } instanceId)
        {
            await InstanceEvents.RaiseAsync(
                client, instanceId, DeadLetterEvents.NameOf(letter.Path ?? "", letter.Generation), resolution, cancellationToken);
        }

        await store.SetDeliveredAsync(letter.Id, cancellationToken);
    }

    /// <summary>
    /// The start that retries a task whose workflow does not wait: the task alone, with an id made from the dead letter's.
    /// </summary>
    public async Task<StartRequest> StartOfAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var form = new JsonObject { ["task"] = letter.Task, ["args"] = await ArgsOfAsync(letter, cancellationToken) };
        if (letter is { IdempotencyKey: { } key, Resolution: null or { Args: null, ArgsReference: null } })
        {
            // The same arguments are the same work: a receiver that knows the key does it once.
            form["idempotencyKey"] = key;
        }

        return new StartRequest(JsonSerializer.SerializeToElement(form)) { Id = letter.RetriedAs, Stamps = letter.Stamps };
    }

    /// <summary>
    /// The queue message that a retry puts back. A start without an id gets one made from the dead letter's, so that a message put
    /// back twice starts one workflow.
    /// </summary>
    /// <exception cref="InvalidStartException">It is longer than a message may be.</exception>
    public async Task<string> MessageOfAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        JsonNode? message = await ArgsOfAsync(letter, cancellationToken);
        if (letter.Origin == DeadLetterOrigin.StartMessage && message is JsonObject start && start["id"] is null)
        {
            start["id"] = DeadLetterId.WorkflowOf(letter.Id);
        }

        string text = message is JsonValue value && value.TryGetValue(out string? plain) ? plain : message?.ToJsonString() ?? "null";
        return QueueText.Encode(Encoding.UTF8.GetBytes(text)) ?? throw new InvalidStartException(
            [new("/args", $"A queue message has at most {QueueText.MaxBytes} bytes. Start it with POST /api/workflows instead, "
                + "and discard this dead letter.")]);
    }

    private async Task<JsonNode?> ArgsOfAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        (JsonElement? json, PayloadReference? reference) = letter.Resolution is { Args: not null } or { ArgsReference: not null }
            ? (letter.Resolution.Args, letter.Resolution.ArgsReference)
            : (letter.Args, letter.ArgsReference);
        if (reference is null)
        {
            return json is { } inline ? JsonSerializer.SerializeToNode(inline) : null;
        }

        await using Stream stream = await payloads.OpenReadAsync(reference, cancellationToken);
        return await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken);
    }
}
