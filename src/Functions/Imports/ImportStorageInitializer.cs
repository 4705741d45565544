using Microsoft.Extensions.Hosting;

namespace Chard.Functions.Imports;

/// <summary>Makes the container of uploads before the app takes work. It stays if it is there.</summary>
public sealed class ImportStorageInitializer(ImportSources sources) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => sources.CreateContainerAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
