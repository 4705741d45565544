using System.Collections.Concurrent;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.Emulator.Functions.Invocation;
using Chard.Emulator.Functions.Settings;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Queues;

/// <summary>Sends what a function left in its output bindings. A queue is created when it is missing; an array or list is one message an element.</summary>
internal sealed class OutputSender(QueueClients clients, WorkerSerializer serializer, HostSettings settings)
{
    private readonly ConcurrentDictionary<(string Queue, string? Connection), Task<QueueClient>> queues = new();

    public async Task SendAsync(HostFunctionContext context, CancellationToken cancellation)
    {
        foreach (var output in context.Outputs)
        {
            if (output is not { Binding.Attribute: QueueOutputAttribute target, Value: { } value })
            {
                continue;
            }

            var queue = await queues.GetOrAdd((target.QueueName, target.Connection), key => OpenAsync(key.Queue, key.Connection));
            foreach (var item in Items(value))
            {
                await queue.SendMessageAsync(Text(item), cancellation);
            }
        }
    }

    private static IEnumerable<object> Items(object value) => value switch
    {
        string or byte[] or BinaryData or QueueMessage => [value],
        System.Collections.IEnumerable many => many.Cast<object>(),
        _ => [value],
    };

    private string Text(object item)
    {
        var body = item switch
        {
            string text => new BinaryData(text),
            byte[] bytes => new BinaryData(bytes),
            BinaryData data => data,
            QueueMessage message => message.Body,
            _ => new BinaryData(serializer.Serialize(item)),
        };
        return QueueBody.Encode(body.ToMemory(), settings.HostJson.Queues.IsBase64);
    }

    private async Task<QueueClient> OpenAsync(string name, string? connection)
    {
        var queue = clients.Queue(name, connection);
        await queue.CreateIfNotExistsAsync();
        return queue;
    }
}
