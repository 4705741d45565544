using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Durable;
using Chard.Emulator.Functions.Http;
using Chard.Emulator.Functions.Invocation;
using Chard.Emulator.Functions.Logging;
using Chard.Emulator.Functions.Queues;
using Chard.Emulator.Functions.Settings;
using Chard.Emulator.Functions.Timers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>Puts a host together: settings in the Core Tools' order, logging, services.</summary>
internal sealed class HostSetup
{
    private readonly HostStart? start;

    private HostSetup(HostApplicationBuilder inner, HostSettings settings, HostStart? start)
    {
        Inner = inner;
        Settings = settings;
        this.start = start;
    }

    public HostApplicationBuilder Inner { get; }

    public HostSettings Settings { get; }

    public static HostSetup Create(string[] args)
    {
        var start = HostStart.Current;
        var faults = new List<string>();
        var arguments = HostArguments.Parse(args, faults);
        var binaries = start?.BinariesFolder ?? AppContext.BaseDirectory;
        var local = start is null ? LocalSettings.Load(Path.Combine(binaries, "local.settings.json"), faults) : LocalSettings.None;
        if (start is null)
        {
            PublishToEnvironment(local);
        }

        var inner = CreateInner(arguments, binaries, start);
        var hostJson = HostJson.Load(Path.Combine(binaries, HostJson.FileName), start is null, start?.HostJson ?? new Dictionary<string, string?>(), faults);
        inner.Logging.ClearProviders();
        inner.Logging.AddFilter("Microsoft", LogLevel.Warning);
        inner.Logging.AddFilter("System", LogLevel.Warning);
        inner.Logging.AddFilter("Azure", LogLevel.Warning);
        if (faults.Count == 0)
        {
            // Levels that are none are among the faults; the logger factory would not even be made with them.
            inner.Logging.AddConfiguration(hostJson.Root.GetSection("logging"));
        }

        if (start is null)
        {
            inner.Logging.AddHostConsole();
        }

        start?.ConfigureLogging(inner.Logging);
        var data = start?.DataFolder ?? Path.GetFullPath(arguments.Data ?? inner.Configuration[DataFolder.Setting] ?? DataFolder.Default(binaries));
        // The app keeps its own files beside the host's.
        inner.Configuration.AddInMemoryCollection([new(DataFolder.Setting, data)]);
        return new HostSetup(
            inner,
            new HostSettings
            {
                Port = start is not null ? 0 : arguments.Port ?? local.Port ?? HostSettings.DefaultPort,
                Address = arguments.Address,
                DataFolder = data,
                EnableAuth = arguments.EnableAuth || start?.EnableAuth == true,
                IsProcess = start is null,
                HostJson = hostJson,
                Faults = faults,
            },
            start);
    }

    public void Register(MiddlewareList middleware)
    {
        var services = Inner.Services;
        services.AddSingleton(Settings);
        services.AddSingleton(middleware);
        services.AddSingleton<HostActivity>();
        services.AddSingleton<FunctionKeys>();
        services.AddSingleton<FunctionInvoker>();
        services.TryAddSingleton<IFunctionActivator, DefaultFunctionActivator>();
        services.TryAddSingleton(TimeProvider.System);
        WorkerSerializer.Register(services);

        services.AddRouting();
        services.AddSingleton<IHttpContextFactory, DefaultHttpContextFactory>();
        var diagnostics = new DiagnosticListener("Microsoft.AspNetCore");
        services.TryAddSingleton(diagnostics);
        services.TryAddSingleton<DiagnosticSource>(diagnostics);
        services.AddSingleton<FunctionsHttpServer>();
        services.AddSingleton<HttpFunctionHandler>();
        services.AddSingleton<IHostEndpoints, HostPages>();
        services.AddSingleton<IHostEndpoints, ManagementApi>();
        services.AddSingleton<IHostEndpoints, EntityApi>();

        services.AddSingleton(provider => Discover(provider));
        services.AddSingleton<FunctionsCode>();
        services.AddSingleton<DurableRuntime>();
        if (start is not null)
        {
            services.AddSingleton(start);
        }

        services.AddSingleton<QueueClients>();
        services.AddSingleton<OutputSender>();
        services.AddSingleton<QueueTriggers>();
        services.AddSingleton<TimerTriggers>();
        services.AddSingleton<StorageEmulator>();
        // First of the app's hosted services: storage answers before any of them starts, and stops after the last.
        services.AddSingleton<HostLifetime>();
        services.AddHostedService(provider => provider.GetRequiredService<HostLifetime>());
        services.Configure<HostOptions>(options => options.ShutdownTimeout = HostLifetime.DrainLimit);
    }

    public IHost Build()
    {
        if (start is not null)
        {
            start.ConfigureServices(Inner.Services);
        }

        var host = new FunctionsHost(BuildInner(), start);
        start?.Built.TrySetResult(host);
        return host;
    }

    /// <summary>In Development every service is checked before the host is made; what cannot be made is told service by service.</summary>
    private IHost BuildInner()
    {
        try
        {
            return Inner.Build();
        }
        catch (AggregateException error) when (error.InnerExceptions.All(inner => inner is InvalidOperationException))
        {
            throw new StartException([.. error.InnerExceptions.Select(inner => inner.GetBaseException().Message).Distinct()]);
        }
    }

    /// <summary>The classes that may hold functions: those of the entry assembly and of what it references, as the build tools look at them.</summary>
    private static IEnumerable<Type> FunctionTypes()
    {
        if (Assembly.GetEntryAssembly() is not { } entry)
        {
            return [];
        }

        var worker = typeof(FunctionAttribute).Assembly.GetName().Name!;
        return entry.GetReferencedAssemblies()
            .Where(name => References(Path.Combine(AppContext.BaseDirectory, $"{name.Name}.dll"), worker))
            .Select(Assembly.Load)
            .Prepend(entry)
            .SelectMany(assembly => assembly.GetTypes());
    }

    /// <summary>Read from the file: loading every assembly of an app to see what it references would double the time to start.</summary>
    private static bool References(string path, string assembly)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var image = new PEReader(File.OpenRead(path));
        if (!image.HasMetadata)
        {
            return false;
        }

        var metadata = image.GetMetadataReader();
        return metadata.AssemblyReferences.Any(handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, assembly));
    }

    /// <summary>Like the Core Tools, which hand local settings to the app as its environment. What the environment has is left alone.</summary>
    private static void PublishToEnvironment(LocalSettings local)
    {
        foreach (var (name, value) in local.Values)
        {
            var variable = OperatingSystem.IsWindows() ? name : name.Replace(":", "__", StringComparison.Ordinal);
            if (Environment.GetEnvironmentVariable(name) is null && Environment.GetEnvironmentVariable(variable) is null)
            {
                Environment.SetEnvironmentVariable(variable, value);
            }
        }
    }

    private static HostApplicationBuilder CreateInner(HostArguments arguments, string binaries, HostStart? start)
    {
        var early = new ConfigurationManager();
        early.AddEnvironmentVariables("AZURE_FUNCTIONS_");
        // Watching files costs a handle each and a local run restarts in a second.
        early["hostBuilder:reloadConfigOnChange"] = "false";
        if (early[HostDefaults.EnvironmentKey] is null && Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null)
        {
            early[HostDefaults.EnvironmentKey] = Environments.Development;
        }

        var inner = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = arguments.Rest,
            ContentRootPath = binaries,
            Configuration = early,
        });
        if (start is not null)
        {
            inner.Configuration.AddInMemoryCollection(start.Settings);
        }

        if (string.IsNullOrEmpty(inner.Configuration[StorageEmulator.Setting]) && inner.Configuration[StorageEmulator.Setting + ":accountName"] is null)
        {
            inner.Configuration[StorageEmulator.Setting] = StorageEmulator.DevelopmentStorage;
        }

        return inner;
    }

    private FunctionCatalog Discover(IServiceProvider provider)
    {
        var faults = Settings.Faults;
        var rules = new BindingRules(
            provider.GetRequiredService<IConfiguration>(),
            provider.GetService<AspNetCoreIntegration>() is not null,
            [.. provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<WorkerOptions>>().Value.InputConverters]);
        var catalog = FunctionDiscovery.Discover(start?.FunctionTypes ?? FunctionTypes(), rules, Settings.HostJson.Functions, faults);
        return faults.Count > 0 ? throw new StartException(faults) : catalog;
    }
}
