using Chard.LocalHost.Azurite;
using Chard.LocalHost.Options;
using Chard.LocalHost.Screen;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Lifetime;

/// <summary>
/// One run of the host, from its arguments to its exit code: 0 after a stop in order, 1 where the app cannot
/// run, 130 after a second Ctrl-C.
/// </summary>
internal sealed class HostRun(HostScreen screen, StopSignals signals)
{
    private const int Interrupted = 130;

    private readonly ShortConsole console = new();
    private DevelopmentStorage? storage;

    /// <summary>Runs until a signal, or until the app cannot go on.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        try
        {
            var arguments = HostArguments.Parse(args);
            if (arguments.Help)
            {
                screen.Help();
                return 0;
            }

            _ = EndAtOnceAsync();
            return await RunAsync(HostSettings.Load(arguments, Environment.GetEnvironmentVariables()));
        }
        catch (StartException error)
        {
            screen.Faults(error);
            return 1;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Asked to stop while starting.
            return 0;
        }
    }

    private async Task<int> RunAsync(HostSettings settings)
    {
        screen.Starting(settings);
        using var loggers = LoggerFactory.Create(console.AddTo);
        try
        {
            if (settings.DevelopmentStorageAt is { } endpoint)
            {
                var folder = Path.Combine(settings.Data, "azurite");
                storage = await DevelopmentStorage.EnsureAsync(endpoint, folder, loggers.CreateLogger("Azurite"), signals.Stop);
            }

            return await HostAsync(settings);
        }
        finally
        {
            if (storage is not null)
            {
                await storage.DisposeAsync();
            }
        }
    }

    private async Task<int> HostAsync(HostSettings settings)
    {
        var environment = settings.Environment.ToDictionary();
        if (settings.HubPrefix is { } prefix)
        {
            environment[OwnHub.Variable] = OwnHub.Of(settings.Data, prefix);
        }

        var options = new FunctionsHostOptions
        {
            AppFolder = settings.App,
            DataFolder = settings.Data,
            Address = settings.Address,
            Port = settings.Port,
            Engine = settings.Engine,
            EnableAuth = settings.EnableAuth,
            Settings = environment,
            Logging = console.AddTo,
            BeforeWorker = cancellation => storage?.Ready.WaitAsync(cancellation) ?? Task.CompletedTask,
        };
        await using var host = await FunctionsHost.StartAsync(options, signals.Stop);
        console.IsStarted = true;
        screen.Ready(settings, host);
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, signals.Stop);
        if (await Task.WhenAny(host.Completion, stopped) == host.Completion)
        {
            throw new StartException(host.Completion.Exception?.InnerException?.Message ?? "The app ended.");
        }

        screen.WaitsFor(host.Running);
        await host.StopAsync(screen.WaitsFor);
        screen.Stopped();
        return 0;
    }

    private async Task EndAtOnceAsync()
    {
        await signals.Again;
        storage?.Leave();
        Environment.Exit(Interrupted);
    }
}
