using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>
/// The built host. An app that cannot start for a mistake of its author ends with the mistakes on standard error and exit code 1, not with a stack trace.
/// </summary>
internal sealed class FunctionsHost(IHost inner, HostStart? start) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => inner.Services;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.StartAsync(cancellationToken);
            start?.Started.TrySetResult();
        }
        catch (StartException error) when (start is null)
        {
            await Console.Error.WriteLineAsync($"\n{error.Message}\n");
            Environment.ExitCode = 1;
            Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
        catch (Exception error) when (start is not null)
        {
            start.Started.TrySetException(error);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            inner.Dispose();
        }
    }
}
