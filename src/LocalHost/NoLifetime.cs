using Microsoft.Extensions.Hosting;

namespace Chard.LocalHost;

/// <summary>A host that does not listen to signals: they are the process's.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
