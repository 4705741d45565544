using System.Reflection;
using System.Runtime.ExceptionServices;
using Chard.DurableTask.Sqlite;
using Chard.LocalHost;
using Chard.LocalHost.Durable;
using Chard.LocalHost.Http;
using Chard.LocalHost.Options;
using Chard.LocalHost.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Chard.Testing;

/// <summary>
/// The whole app in the test's process, on the real worker and the real host: its own entry point, services, triggers and HTTP on a free
/// port, with the engine and storage it needs. Any number may run at once. It can be stopped, or crashed, and started again on the same
/// data.
/// </summary>
public sealed class FunctionsTestHost : IAsyncDisposable
{
    private const string StorageSetting = "AzureWebJobsStorage";
    private const string EngineSetting = "EngineStorage";

    private readonly FunctionsTestHostOptions options;
    private readonly AppMain app;
    private readonly TestFunctions functions;
    private readonly string dataFolder;
    private readonly MemoryStore memory = new();
    private readonly TimeProvider? clock;
    private StorageAccount? account;
    private FunctionsHost? host;
    private HttpClient? http;
    private EngineClient? durable;
    private SkippedWork? skipped;

    private FunctionsTestHost(FunctionsTestHostOptions options, Func<string[], Task> entryPoint, Assembly assembly)
    {
        this.options = options;
        app = new AppMain(entryPoint);
        functions = new TestFunctions(options.FunctionTypes ?? assembly.GetTypes());
        dataFolder = options.DataFolder ?? Directory.CreateTempSubdirectory("chard-test-").FullName;
        clock = options.TimeProvider ?? (options.SkipTime ? new SkippingClock(options.StartTime) : null);
    }

    /// <summary>
    /// A client of the app's HTTP functions: its base address is the host's, without the route prefix. Valid until the host stops.
    /// </summary>
    public HttpClient Http => http ?? throw NotRunning();

    /// <summary>A client of the app's orchestrations, as the worker has it. Valid until the host stops.</summary>
    public DurableTaskClient Durable => (durable ??= new EngineClient(Host)).Client;

    /// <summary>The app's services. Valid until the host stops.</summary>
    public IServiceProvider Services => Host.WorkerServices!;

    /// <summary>The keys that callers must show, with <see cref="FunctionsTestHostOptions.EnableAuth"/>.</summary>
    public FunctionKeys Keys =>
        Host.Keys ?? throw new InvalidOperationException($"The host runs without {nameof(options.EnableAuth)}.");

    /// <summary>Faults of the durable engine. Each start has its own.</summary>
    public EngineFaults Faults { get; private set; } = new();

    /// <summary>The app's calls to its account, to count them and to make them fail.</summary>
    public StoragePlan Storage => Account.App;

    /// <summary>The account, with the calls of the host and of the engine.</summary>
    public StorageAccount Account =>
        account ?? throw new InvalidOperationException("The host has no storage account of this process.");

    /// <summary>The skipping clock, where the host has one.</summary>
    public SkippingClock? Time => clock as SkippingClock;

    /// <summary>The storage the app uses; null without one.</summary>
    public string? StorageConnectionString =>
        options.Settings.TryGetValue(StorageSetting, out var given) ? given : account?.ConnectionString;

    private FunctionsHost Host => host ?? throw NotRunning();

    /// <summary>Starts the app whose assembly holds <typeparamref name="TApp"/>, by its entry point.</summary>
    /// <exception cref="StartException">The app cannot start for a mistake of its author.</exception>
    /// <remarks>What the entry point throws is thrown as it is.</remarks>
    public static Task<FunctionsTestHost> StartAsync<TApp>(Action<FunctionsTestHostOptions>? configure = null)
    {
        var assembly = typeof(TApp).Assembly;
        var method = assembly.EntryPoint ?? throw new ArgumentException(
            $"{assembly.GetName().Name} has no entry point, so {typeof(TApp)} names no app. Use the overload that takes one.");
        return StartAsync(AppMain.EntryPoint(method), assembly, configure);
    }

    /// <summary>Starts an app by a given entry point: it has to create a builder, build it, and run the host.</summary>
    /// <param name="entryPoint">What an app's Main does.</param>
    /// <param name="assembly">Where its functions are, unless <see cref="FunctionsTestHostOptions.FunctionTypes"/> names them.</param>
    /// <param name="configure">Sets options.</param>
    public static async Task<FunctionsTestHost> StartAsync(
        Func<string[], Task> entryPoint, Assembly assembly, Action<FunctionsTestHostOptions>? configure = null)
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

        if (options.UseStorage && !options.Settings.ContainsKey(StorageSetting))
        {
            account ??= options.Account ?? await StorageAccount.OpenAsync();
        }

        account?.Restore();
        Faults = new EngineFaults();
        skipped = Time is { } time ? new SkippedWork(time, options.TimerPace) : null;
        app.Begin();
        using var limit = new CancellationTokenSource(options.Timeout);
        try
        {
            host = await FunctionsHost.StartAsync(CreateOptions(), limit.Token);
        }
        catch (Exception error)
        {
            await app.EndAsync(options.Timeout);
            ExceptionDispatchInfo.Throw(app.Failure ?? error);
        }

        skipped?.Attach(host, account);
        http = new HttpClient { BaseAddress = host.Address };
    }

    /// <summary>Stops in good order, as on SIGTERM: running work finishes.</summary>
    public async Task StopAsync()
    {
        if (host is not null)
        {
            skipped?.Dispose();
            using var limit = new CancellationTokenSource(options.Timeout);
            await host.StopAsync(now: limit.Token);
            await EndAsync();
        }
    }

    /// <summary>
    /// Stops as kill -9 does: nothing more is committed or reaches storage, nobody is waited for. What differs is that code of the app that
    /// ignores its tokens runs on. Messages that were being processed stay hidden, as after a real crash.
    /// </summary>
    public async Task CrashAsync()
    {
        if (host is not null)
        {
            skipped?.Dispose();
            account?.Cut();
            await host.AbandonAsync();
            await EndAsync();
        }
    }

    /// <summary>
    /// Crashes and starts again on the same data: what follows a fault of <see cref="Faults"/> that has killed the engine.
    /// </summary>
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

    /// <summary>Stops the app, and deletes its data where no folder was given.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        memory.Dispose();
        if (account != options.Account)
        {
            account?.Dispose();
        }

        if (options.DataFolder is null && Directory.Exists(dataFolder))
        {
            Directory.Delete(dataFolder, recursive: true);
        }
    }

    private static InvalidOperationException NotRunning() => new("The host is not running.");

    private async Task EndAsync()
    {
        host = null;
        http?.Dispose();
        http = null;
        durable?.Dispose();
        durable = null;
        await app.EndAsync(options.Timeout);
    }

    private FunctionsHostOptions CreateOptions()
    {
        var settings = new Dictionary<string, string?>(options.Settings, StringComparer.OrdinalIgnoreCase);
        settings.TryAdd(HostSettings.DataSetting, dataFolder);
        foreach (var (key, value) in HostJson())
        {
            // As on Azure, where the app sees them too.
            settings[$"AzureFunctionsJobHost__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        }

        string[] appsOwn = [];
        if (account is not null)
        {
            // Each by a door of its own.
            settings[StorageSetting] = account.Host.ConnectionString;
            settings[EngineSetting] = account.Engine.ConnectionString;
            appsOwn = [$"--{StorageSetting}={account.App.ConnectionString}"];
        }

        return new FunctionsHostOptions
        {
            AppFolder = AppContext.BaseDirectory,
            DataFolder = dataFolder,
            Engine = options.Engine,
            EnableAuth = options.EnableAuth,
            Settings = settings,
            Logging = options.Apply,
            InProcess = new InProcessApp
            {
                Assembly = AppMain.Indexed,
                Main = arguments => app.RunAsync([.. arguments, .. appsOwn, .. options.Args]),
                ConfigureServices = ConfigureApp,
            },
            ConfigureServices = skipped is null ? null : SkippedWork.ConfigureHost,
            OnInvocation = skipped is null ? null : skipped.Begin,
            Sqlite = new SqliteStorageOptions
            {
                File = options.FileHistory ? Path.Combine(dataFolder, "history.db") : null,
                Memory = options.FileHistory ? null : memory,
                Clock = clock ?? TimeProvider.System,
                Faults = Faults,
            },
        };
    }

    private Dictionary<string, string?> HostJson()
    {
        // Queues are looked at more often than an app would pay for: all that it costs here is less waiting.
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["extensions:queues:maxPollingInterval"] = "00:00:01",
            ["extensions:durableTask:storageProvider:maxQueuePollingInterval"] = "00:00:01",
        };
        if (options.ForceReplay)
        {
            values["extensions:durableTask:extendedSessionsEnabled"] = "false";
        }

        if (options.Engine == DurableEngine.AzureStorage && account is not null)
        {
            values["extensions:durableTask:storageProvider:connectionName"] = EngineSetting;
        }

        foreach (var (key, value) in options.HostJson)
        {
            values[key] = value;
        }

        return values;
    }

    private void ConfigureApp(IServiceCollection services)
    {
        if (clock is not null)
        {
            services.Replace(ServiceDescriptor.Singleton(clock));
        }

        // A crash is over when the app has ended.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        functions.Decorate(services);
        skipped?.ConfigureApp(services);
        options.Apply(services);
    }
}
