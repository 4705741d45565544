using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Chard.Platform;
using Microsoft.Extensions.Hosting;

namespace Chard.Running;

/// <summary>
/// Makes the container of payloads and the queue of slow tasks before the app takes work. They stay if they are there.
/// </summary>
public sealed class TaskStorageInitializer(
    BlobServiceClient blobs, QueueServiceClient queues, StorageNames names) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await blobs.GetBlobContainerClient(names.PayloadContainer).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await queues.GetQueueClient(names.SlowTaskQueue).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
