using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Durable;
using Chard.Emulator.Functions.Http;
using Chard.Emulator.Functions.Queues;
using Chard.Emulator.Functions.Settings;
using Chard.Emulator.Functions.Timers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>
/// Starts the host's parts around the app's own services and stops them in order: no new work is taken, what runs may finish for
/// <see cref="DrainLimit"/>, then tokens fire and the rest is left to the next start.
/// </summary>
internal sealed class HostLifetime(
    HostSettings settings,
    IServiceProvider services,
    HostActivity activity,
    StorageEmulator storage,
    ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>How long running work may take to finish after the host was asked to stop.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long an invocation may take after its token has fired.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ILogger logger = loggers.CreateLogger("Host");
    private Parts? parts;
    private bool abandoned;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Finding the functions reports every mistake of the author's at once, before anything is started.
        services.GetService(typeof(FunctionCatalog));
        Directory.CreateDirectory(settings.DataFolder);
        await storage.EnsureAsync(cancellationToken);
        parts = new Parts(
            Get<DurableRuntime>(),
            Get<FunctionsHttpServer>(),
            Get<QueueTriggers>(),
            Get<TimerTriggers>());
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Makes the stop that follows wait for nothing, as in a crash.</summary>
    public void Abandon()
    {
        abandoned = true;
        activity.StopNow();
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await parts!.Durable.StartAsync(cancellationToken);
        await parts.Queues.StartAsync(cancellationToken);
        await parts.Http.StartAsync(cancellationToken);
        parts.Timers.Start();
        if (settings.IsProcess)
        {
            FunctionListing.Print(Console.Out, Get<FunctionCatalog>(), parts.Http);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (parts is null)
        {
            return;
        }

        if (activity.Running > 0)
        {
            logger.LogInformation("Stopping: {Running} invocations may finish within {Limit} s", activity.Running, DrainLimit.TotalSeconds);
        }

        if (abandoned)
        {
            await AbandonAsync(parts);
            return;
        }

        using var late = cancellationToken.UnsafeRegister(static state => ((HostActivity)state!).StopNow(), activity);
        using var hard = new CancellationTokenSource();
        using var grace = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(Grace), hard);
        try
        {
            await Task.WhenAll(
                parts.Http.StopAsync(cancellationToken),
                parts.Queues.StopAsync(),
                parts.Timers.StopAsync()).WaitAsync(hard.Token);
        }
        catch (OperationCanceledException) when (hard.IsCancellationRequested)
        {
            logger.LogWarning("{Running} invocations did not heed their tokens and are left behind", activity.Running);
        }

        await parts.Durable.StopAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => storage.StopAsync();

    public async ValueTask DisposeAsync()
    {
        // Reached without StoppedAsync when the app failed to start.
        await storage.StopAsync();
    }

    private static async Task AbandonAsync(Parts parts)
    {
        await parts.Http.StopAsync(new CancellationToken(canceled: true));
        await Task.WhenAll(parts.Queues.AbandonAsync(), parts.Timers.StopAsync());
    }

    private T Get<T>()
        where T : class => (T)(services.GetService(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T)} is not registered."));

    private sealed record Parts(DurableRuntime Durable, FunctionsHttpServer Http, QueueTriggers Queues, TimerTriggers Timers);
}
