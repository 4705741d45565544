using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Extensions.Hosting;

namespace Chard.Platform;

/// <summary>
/// Creates the tables that the app writes to and the queue that it is started by, before it takes
/// work. They stay if they are there.
/// </summary>
public sealed class StorageInitializer(TableServiceClient tables, QueueServiceClient queues, StorageNames names) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(
        tables.CreateTableIfNotExistsAsync(names.WorkflowTable, cancellationToken),
        tables.CreateTableIfNotExistsAsync(names.DeadLetterTable, cancellationToken),
        queues.GetQueueClient(names.StartQueue).CreateIfNotExistsAsync(cancellationToken: cancellationToken));

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
