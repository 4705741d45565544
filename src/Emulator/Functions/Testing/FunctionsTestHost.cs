using System.Reflection;
using Chard.Emulator.Azurite;
using Chard.Emulator.DurableTask;
using Chard.Emulator.Functions.Durable;
using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Chard.Emulator.Testing;

/// <summary>
/// The whole app in the test's process: its own entry point, services, triggers and HTTP on a free port, with the engine and storage it needs.
/// Any number may run at once. It can be stopped, or crashed, and started again on the same data.
/// </summary>
public sealed class FunctionsTestHost : IAsyncDisposable
{
    private readonly FunctionsTestHostOptions options;
    private readonly Func<string[], Task> entryPoint;
    private readonly IReadOnlyList<Type> functionTypes;
    private readonly string binaries;
    private readonly string dataFolder;
    private readonly MemoryHistory memory = new();
    private AzuriteProcess? ownAzurite;
    private IHost? host;
    private Task main = Task.CompletedTask;
    private TimeSkipper? skipper;
    private HttpClient? http;

    private FunctionsTestHost(FunctionsTestHostOptions options, Func<string[], Task> entryPoint, Assembly assembly)
    {
        this.options = options;
        this.entryPoint = entryPoint;
        functionTypes = options.FunctionTypes ?? assembly.GetTypes();
        binaries = AppContext.BaseDirectory;
        dataFolder = options.DataFolder ?? Directory.CreateTempSubdirectory("chard-test-").FullName;
        Time = options.TimeProvider is null && options.SkipTime ? new SkippingTimeProvider(options.StartTime) : options.TimeProvider as SkippingTimeProvider;
    }

    /// <summary>A client of the app's HTTP functions: its base address is the host's, without the route prefix. Valid until the host stops.</summary>
    public HttpClient Http => http ?? throw NotRunning();

    /// <summary>A client of the app's orchestrations. Valid until the host stops.</summary>
    public DurableTaskClient Durable => Service<DurableRuntime>().Client;

    /// <summary>The app's services. Valid until the host stops.</summary>
    public IServiceProvider Services => host?.Services ?? throw NotRunning();

    /// <summary>Faults of the durable engine. Each start has its own.</summary>
    public EngineFaults Faults { get; private set; } = new();

    /// <summary>The storage calls of the app, to count them and to make them fail; see <see cref="StorageTransport"/>.</summary>
    public StorageTransport Storage { get; } = new();

    /// <summary>The skipping clock, where the host has one.</summary>
    public SkippingTimeProvider? Time { get; }

    /// <summary>The storage the app uses; null without one.</summary>
    public string? StorageConnectionString { get; private set; }

    /// <summary>Starts the app whose assembly holds <typeparamref name="TApp"/>, by its entry point.</summary>
    /// <exception cref="Functions.StartException">The app cannot start for a mistake of its author.</exception>
    public static Task<FunctionsTestHost> StartAsync<TApp>(Action<FunctionsTestHostOptions>? configure = null)
    {
        var assembly = typeof(TApp).Assembly;
        var method = assembly.EntryPoint
            ?? throw new ArgumentException($"{assembly.GetName().Name} has no entry point, so {typeof(TApp)} names no app. Use the overload that takes one.");
        return StartAsync(AppMain.Of(method), assembly, configure);
    }

    /// <summary>Starts an app by a given entry point: it has to create a builder, build it, and run the host.</summary>
    /// <param name="entryPoint">What an app's Main does.</param>
    /// <param name="assembly">Where its functions are, unless <see cref="FunctionsTestHostOptions.FunctionTypes"/> names them.</param>
    /// <param name="configure">Sets options.</param>
    public static async Task<FunctionsTestHost> StartAsync(Func<string[], Task> entryPoint, Assembly assembly, Action<FunctionsTestHostOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(assembly);
        var options = new FunctionsTestHostOptions();
        configure?.Invoke(options);
        var host = new FunctionsTestHost(options, entryPoint, assembly);
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts again after <see cref="StopAsync"/> or <see cref="CrashAsync"/>, on the same data. The port is a new one.</summary>
    public async Task StartAsync()
    {
        if (host is not null)
        {
            throw new InvalidOperationException("The host is running.");
        }

        await EnsureStorageAsync();
        Faults = new EngineFaults();
        var start = CreateStart();
        main = AppMain.Launch(start, entryPoint, [.. options.Args]);
        host = await start.Built.Task.WaitAsync(options.Timeout, TimeProvider.System);
        try
        {
            await start.Started.Task.WaitAsync(options.Timeout, TimeProvider.System);
        }
        catch
        {
            host = null;
            await AwaitMainAsync();
            throw;
        }

        http = new HttpClient { BaseAddress = Service<FunctionsHttpServer>().Address };
        skipper = Time is null ? null : TimeSkipper.Start(Time, Services);
    }

    /// <summary>Stops in good order, as on SIGTERM: running work finishes.</summary>
    public async Task StopAsync()
    {
        if (host is null)
        {
            return;
        }

        await StopSkippingAsync();
        Service<IHostApplicationLifetime>().StopApplication();
        await EndAsync();
    }

    /// <summary>
    /// Stops as kill -9 does: nothing more is committed, nobody is waited for. What differs is that code of the app that ignores its tokens runs on.
    /// Messages that were being processed stay hidden, as after a real crash.
    /// </summary>
    public async Task CrashAsync()
    {
        if (host is null)
        {
            return;
        }

        await StopSkippingAsync();
        await Service<DurableRuntime>().DisposeAsync();
        Service<HostLifetime>().Abandon();
        Service<IHostApplicationLifetime>().StopApplication();
        await EndAsync();
    }

    /// <summary>Crashes and starts again on the same data: what follows a fault of <see cref="Faults"/> that has killed the engine.</summary>
    public async Task CrashAndRestartAsync()
    {
        await CrashAsync();
        await StartAsync();
    }

    /// <summary>Stops and starts on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Stops the app, its own Azurite, and deletes a data folder that was not given.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (ownAzurite is not null)
        {
            await ownAzurite.DisposeAsync();
            ownAzurite = null;
        }

        memory.Dispose();
        Storage.Dispose();
        if (options.DataFolder is null && Directory.Exists(dataFolder))
        {
            Directory.Delete(dataFolder, recursive: true);
        }
    }

    private static InvalidOperationException NotRunning() => new("The host is not running.");

    private T Service<T>()
        where T : notnull => Services.GetRequiredService<T>();

    private async Task EnsureStorageAsync()
    {
        if (options.Settings.TryGetValue(StorageEmulator.Setting, out var given) && given is not null)
        {
            StorageConnectionString = given;
        }
        else if (options.Azurite is not null)
        {
            StorageConnectionString = options.Azurite.ConnectionString;
        }
        else if (options.UseStorage && ownAzurite is null)
        {
            ownAzurite = await AzuriteProcess.StartAsync(new AzuriteOptions { DataFolder = Path.Combine(dataFolder, "azurite") });
            StorageConnectionString = ownAzurite.ConnectionString;
        }
    }

    private HostStart CreateStart()
    {
        var settings = new Dictionary<string, string?>(options.Settings, StringComparer.OrdinalIgnoreCase)
        {
            // Without storage nothing may start an Azurite on the well-known ports.
            [StorageEmulator.Setting] = StorageConnectionString ?? "none",
        };
        return new HostStart
        {
            DataFolder = dataFolder,
            BinariesFolder = binaries,
            FunctionTypes = functionTypes,
            Settings = settings,
            HostJson = new Dictionary<string, string?>(options.HostJson, StringComparer.OrdinalIgnoreCase),
            EnableAuth = options.EnableAuth,
            ConfigureServices = ConfigureServices,
            ConfigureLogging = options.Apply,
            ConfigureEngine = ConfigureEngine,
        };
    }

    private void ConfigureServices(IServiceCollection services)
    {
        if ((options.TimeProvider ?? Time) is { } time)
        {
            services.Replace(ServiceDescriptor.Singleton(time));
        }

        services.AddSingleton<Azure.Core.Pipeline.HttpPipelineTransport>(Storage);
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        options.Apply(services);
    }

    private void ConfigureEngine(DurableEngineOptions engine)
    {
        engine.HistoryPath = options.FileHistory ? engine.HistoryPath : null;
        engine.Memory = options.FileHistory ? null : memory;
        engine.ForceReplay = options.ForceReplay;
        engine.Faults = Faults;
        options.Apply(engine);
    }

    private async Task EndAsync()
    {
        http?.Dispose();
        http = null;
        host = null;
        await main.WaitAsync(options.Timeout, TimeProvider.System);
    }

    private async Task AwaitMainAsync()
    {
        // The start's failure is what the caller gets; Main ends with the same one.
        await main.WaitAsync(options.Timeout, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StopSkippingAsync()
    {
        if (skipper is not null)
        {
            await skipper.DisposeAsync();
            skipper = null;
        }
    }

    /// <summary>The test's process keeps its own signal handlers.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
