using Microsoft.Extensions.Hosting;

namespace Chard.Functions.Imports;

/// <summary>Makes the container of imports before the app takes work. It stays if it is there.</summary>
public sealed class ImportStorageInitializer(ImportBlobs blobs) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => blobs.CreateContainerAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
