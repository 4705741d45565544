using Microsoft.Extensions.Hosting;

namespace Chard.Functions.Imports;

/// <summary>
/// Makes the container of uploads before the app takes work; it stays if it is there. A wrong age of uploads is told then too.
/// </summary>
public sealed class ImportStorageInitializer(ImportSources sources, UploadAge age) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(age);
        return sources.CreateContainerAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
