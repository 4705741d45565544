using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Chard.Functions.Ledger;
using Chard.Functions.Payloads;
using Microsoft.Extensions.Hosting;

namespace Chard.Functions.Tasks;

/// <summary>Makes the ledger's table and the container of payloads before the app takes work. They stay if they are there.</summary>
public sealed class TaskStorageInitializer(TableServiceClient tables, BlobServiceClient blobs) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await tables.CreateTableIfNotExistsAsync(TableLedgerStore.TableName, cancellationToken);
        await blobs.GetBlobContainerClient(BlobPayloadStore.ContainerName).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
