using System.Diagnostics;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Worker;

/// <summary>
/// The app in this process: its entry point runs as it is, and the host that it builds is adapted on the way. Many can run side by side.
/// </summary>
internal sealed class InProcessWorker : IWorkerRun
{
    private static readonly AsyncLocal<InProcessWorker?> Starting = new();
    private static readonly Lazy<IDisposable> Hosts = new(() => DiagnosticListener.AllListeners.Subscribe(new HostListener()));
    private static readonly Lock Once = new();

    private readonly InProcessApp app;
    private readonly TaskCompletionSource<IHost> built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task main = Task.CompletedTask;

    private InProcessWorker(InProcessApp app)
    {
        this.app = app;
        Ended = Task.FromResult("has not begun");
    }

    public Task<string> Ended { get; private set; }

    public bool WantsRestart => false;

    public IServiceProvider? Services => built.Task.IsCompletedSuccessfully ? built.Task.Result.Services : null;

    public static InProcessWorker Start(InProcessApp app, FunctionsHostOptions options, Uri host, string workerId)
    {
        PrepareProcess(app.Assembly, options.AppFolder);
        string[] arguments =
        [
            .. options.Settings.Where(setting => setting.Value is not null)
                .Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
            $"--Functions:Worker:HostEndpoint={host.AbsoluteUri}",
            $"--Functions:Worker:WorkerId={workerId}",
            $"--Functions:Worker:RequestId={Guid.NewGuid()}",
            $"--Functions:Worker:GrpcMaxMessageLength={int.MaxValue}",
            "--hostBuilder:reloadConfigOnChange=false",
        ];
        var worker = new InProcessWorker(app);
        // An entry point blocks the thread that it is called on, so it gets one of its own.
        worker.main = Task.Factory.StartNew(
            () =>
            {
                Starting.Value = worker;
                return worker.RunMainAsync(arguments);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
        worker.Ended = worker.EndAsync();
        return worker;
    }

    public async Task<Uri?> HttpAddressAsync(string? said, CancellationToken cancellation)
    {
        var host = await built.Task.WaitAsync(cancellation);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStarted.Register(started.SetResult);
        await Task.WhenAny(started.Task, main).WaitAsync(cancellation);
        // What the worker says is one address for the whole process.
        var addresses = said is null ? null : host.Services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses;
        return addresses?.FirstOrDefault() is { } address ? new Uri(address) : null;
    }

    public async Task StopAsync(WorkerChannel channel)
    {
        Kill();
        await Ended;
    }

    /// <summary>Code cannot be killed: it is asked to stop, and nobody waits for it.</summary>
    public void Kill() => Services?.GetService<IHostApplicationLifetime>()?.StopApplication();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What the worker's packages read once a process.</summary>
    private static void PrepareProcess(Assembly assembly, string folder)
    {
        lock (Once)
        {
            _ = Hosts.Value;
            Assembly.SetEntryAssembly(assembly);
            Environment.SetEnvironmentVariable("FUNCTIONS_APPLICATION_DIRECTORY", folder);
        }
    }

    private Task RunMainAsync(string[] arguments)
    {
        if (app.Main is { } given)
        {
            return given(arguments);
        }

        app.Assembly.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null);
        return Task.CompletedTask;
    }

    private async Task<string> EndAsync()
    {
        try
        {
            await main;
            return "ended";
        }
        catch (Exception exception)
        {
            return $"ended with {exception.GetType().Name}: {exception.Message}";
        }
        finally
        {
            built.TrySetCanceled();
        }
    }

    private void Adapt(IServiceCollection services)
    {
        app.ConfigureServices?.Invoke(services);
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        // It warns that this is not the address that the worker's packages chose, which is one for the whole process.
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error));
    }

    /// <summary>Hears of each host that is built in this process.</summary>
    private sealed class HostListener : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (Starting.Value is not { } worker || worker.built.Task.IsCompleted)
            {
                return;
            }

            if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
            {
                builder.ConfigureServices(worker.Adapt);
            }
            else if (value is { Key: "HostBuilt", Value: IHost host })
            {
                worker.built.TrySetResult(host);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
