using Chard.Emulator.DurableTask;
using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Http;
using Chard.Emulator.Functions.Invocation;
using Chard.Emulator.Functions.Settings;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Durable;

/// <summary>The durable engine of a host: its options come from host.json, and from the test host where there is one.</summary>
internal sealed class DurableRuntime : IAsyncDisposable
{
    private int disposed;

    public DurableRuntime(
        HostSettings settings,
        FunctionsCode code,
        WorkerSerializer serializer,
        TimeProvider time,
        FunctionKeys keys,
        IServiceProvider services,
        ILoggerFactory loggers,
        HostStart? start = null)
    {
        var options = new DurableEngineOptions
        {
            HistoryPath = Path.Combine(settings.DataFolder, "history.db"),
            TimeProvider = time,
            DataConverter = serializer.ToDataConverter(),
        };
        var limits = settings.HostJson.Durable;
        options.MaxConcurrentActivities = limits.MaxConcurrentActivities ?? options.MaxConcurrentActivities;
        options.MaxConcurrentOrchestrators = limits.MaxConcurrentOrchestrators ?? options.MaxConcurrentOrchestrators;
        start?.ConfigureEngine?.Invoke(options);
        if (options.HistoryPath is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.HistoryPath))!);
        }

        Engine = new DurableEngine(options, code, loggers);
        // The server is made after this and knows its port once it listens.
        Webhooks = new WebhookAddress(() => services.GetRequiredService<FunctionsHttpServer>().Address, limits.HubName, keys.WebhookKey);
        WebhookAddress.Attach(Engine.Client, Webhooks);
    }

    public DurableEngine Engine { get; }

    public WebhookAddress Webhooks { get; }

    public DurableTaskClient Client => Engine.Client;

    public Task StartAsync(CancellationToken cancellation) => Engine.StartAsync(cancellation);

    public Task StopAsync(CancellationToken cancellation) => Engine.StopAsync(cancellation);

    /// <summary>Ends the engine at once. Later calls do nothing.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref disposed, 1) == 0 ? Engine.DisposeAsync() : ValueTask.CompletedTask;
}
