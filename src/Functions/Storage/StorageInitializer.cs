using Azure.Data.Tables;
using Chard.Functions.DeadLetters;
using Chard.Functions.Workflows;
using Microsoft.Extensions.Hosting;

namespace Chard.Functions.Storage;

/// <summary>Creates the tables that the app writes to, before it takes work. They stay if they are there.</summary>
public sealed class StorageInitializer(TableServiceClient tables) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            tables.CreateTableIfNotExistsAsync(TableWorkflowStatusStore.TableName, cancellationToken),
            tables.CreateTableIfNotExistsAsync(TableDeadLetterStore.TableName, cancellationToken));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
