using System.Collections.Concurrent;
using Azure.Identity;
using Azure.Storage.Queues;
using Chard.Emulator.Functions.Hosting;
using Microsoft.Extensions.Configuration;

namespace Chard.Emulator.Functions.Queues;

/// <summary>Clients of storage queues by connection setting: a connection string, or a service address with the identity of the environment.</summary>
internal sealed class QueueClients(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, QueueServiceClient> services = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The queue of the given name, where <c>%SETTING%</c> is replaced. <see cref="StartException"/> for a connection that is not set.</summary>
    public QueueClient Queue(string name, string? connection)
    {
        var faults = new List<string>();
        var resolved = QueueNames.Resolve(name, configuration, faults);
        return resolved is null
            ? throw new StartException(faults)
            : services.GetOrAdd(connection ?? StorageEmulator.Setting, Connect).GetQueueClient(resolved);
    }

    private QueueServiceClient Connect(string name)
    {
        // Bodies are decoded by the host, which has to see those that are not Base64 to poison them.
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        foreach (var key in (string[])[name, $"AzureWebJobs{name}"])
        {
            if (configuration[key] is { Length: > 0 } text)
            {
                return new QueueServiceClient(text, options);
            }

            if (configuration[$"{key}:queueServiceUri"] is { } address)
            {
                return new QueueServiceClient(new Uri(address), new DefaultAzureCredential(), options);
            }

            if (configuration[$"{key}:accountName"] is { } account)
            {
                return new QueueServiceClient(new Uri($"https://{account}.queue.core.windows.net"), new DefaultAzureCredential(), options);
            }
        }

        throw new StartException($"A queue binding names the connection '{name}', which is no setting. Add {name} to local.settings.json or to the environment.");
    }
}
