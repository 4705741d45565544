using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.Domain.Payloads;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.Platform;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Calls;

/// <summary>Puts a call on the queue of slow tasks. Run twice it sends two messages, of which the ledger lets one run.</summary>
public sealed class SendSlowTask(QueueServiceClient queues, StorageNames names, IPayloadStore payloads)
{
    // The platform's seven days would be the end of a message that waits behind a long queue.
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);

    /// <summary>The activity. Gives the time of sending, by the queue's clock.</summary>
    [Function(nameof(SendSlowTask))]
    public async Task<DateTimeOffset> RunAsync([ActivityTrigger] SlowTaskMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        message = message with { TraceParent = Activity.Current?.Id };
        byte[] body = message.ToUtf8();
        if (body.Length > SlowTaskMessage.MaxBytes)
        {
            body = (message with { Call = message.Call with { Args = await StoreAsync(message.Call, cancellationToken) } }).ToUtf8();
        }

        SendReceipt sent = await queues.GetQueueClient(names.SlowTaskQueue)
            .SendMessageAsync(QueueText.Encode(body), timeToLive: Never, cancellationToken: cancellationToken);
        return sent.InsertionTime;
    }

    /// <summary>
    /// Arguments that grow on the way (a character outside of the basic plane becomes twelve bytes) are stored, once for all tries.
    /// </summary>
    private async Task<TaskValue> StoreAsync(TaskCall call, CancellationToken cancellationToken)
    {
        byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(call.Args.ToElement());
        string hash = Convert.ToHexStringLower(SHA256.HashData(utf8))[..16];
        return TaskValue.Of(await payloads.WriteAsync(
            call.WorkflowId, $"slow/{call.Path}.{hash}", utf8, cancellationToken));
    }
}
