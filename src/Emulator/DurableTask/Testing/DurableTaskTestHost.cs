using Chard.Emulator.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask.Testing;

/// <summary>
/// Runs orchestrators and activities in the test process, with history in memory and the plain SDK's behaviour: every turn replays,
/// a start replaces whatever has its id, entities are off.
/// </summary>
public sealed class DurableTaskTestHost : IAsyncDisposable
{
    private readonly IHost host;
    private readonly DurableEngine engine;

    private DurableTaskTestHost(IHost host, DurableEngine engine)
    {
        this.host = host;
        this.engine = engine;
    }

    /// <summary>Starts and manages instances.</summary>
    public DurableTaskClient Client => engine.Client;

    /// <summary>The services that orchestrators and activities are made from.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>Starts a host with the tasks that <paramref name="registry"/> adds.</summary>
    /// <exception cref="ArgumentException">A name was added twice.</exception>
    public static async Task<DurableTaskTestHost> StartAsync(
        Action<DurableTaskRegistry> registry,
        DurableTaskTestHostOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var tasks = new DurableTaskRegistry();
        registry(tasks);

        var host = BuildHost(options);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            var engineOptions = new DurableEngineOptions
            {
                ForceReplay = true,
                EntitiesEnabled = false,
                DuplicateStarts = DedupeBehavior.ReplaceAll,
            };
            var engine = new DurableEngine(engineOptions, new RegistryFunctions(tasks, host.Services), host.Services.GetRequiredService<ILoggerFactory>());
            await engine.StartAsync(cancellationToken).ConfigureAwait(false);
            return new DurableTaskTestHost(host, engine);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Ends at once, without waiting for activities that run.</summary>
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        host.Dispose();
    }

    private static IHost BuildHost(DurableTaskTestHostOptions? options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        if (options?.LoggerFactory is { } loggers)
        {
            builder.Services.AddSingleton(loggers);
        }

        options?.ConfigureServices?.Invoke(builder.Services);
        return builder.Build();
    }
}
