using Microsoft.Extensions.Hosting;

namespace Chard.LocalHost.Lifetime;

/// <summary>
/// Before all that listens: waits for storage, which starts while the app's process and the host are made. The app may call it a little too early; then
/// its client tries again.
/// </summary>
internal sealed class StorageGate(Task ready) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => ready.WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
