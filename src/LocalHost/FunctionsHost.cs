using Chard.LocalHost.Durable;
using Chard.LocalHost.Functions;
using Chard.LocalHost.Http;
using Chard.LocalHost.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Chard.LocalHost;

/// <summary>
/// A Functions app, hosted on this machine: the front that takes requests and the worker's stream, the worker, and the WebJobs SDK that
/// triggers functions.
/// </summary>
public sealed class FunctionsHost : IAsyncDisposable
{
    /// <summary>
    /// How long requests may take to end when the host stops, before they are broken off: streams to browsers would go on for ever.
    /// </summary>
    private static readonly TimeSpan RequestsTimeout = TimeSpan.FromSeconds(30);

    private const int MinThreads = 32;
    private static readonly TimeSpan AbandonTimeout = TimeSpan.FromSeconds(5);

    private readonly FunctionsHostOptions options;
    private readonly IConfiguration configuration;
    private readonly ILoggerFactory loggers;
    private readonly RunningWork running = new();
    private readonly Listeners listeners = new();
    private readonly TaskCompletionSource<RequestDelegate> serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<FunctionDefinition> definitions = [];
    private Front? front;
    private WorkerSupervisor? workers;
    private HttpForwarding? forwarding;
    private IDisposable? telemetry;
    private IHost? jobs;
    private bool started;
    private bool stopping;
    private int disposed;

    private FunctionsHost(FunctionsHostOptions options)
    {
        this.options = options;
        configuration = HostConfiguration.Build(options);
        loggers = LoggerFactory.Create(logging =>
        {
            HostConfiguration.FilterLogs(logging, configuration);
            options.Logging?.Invoke(logging);
        });
        Keys = options.EnableAuth ? FunctionKeys.Open(options.DataFolder) : null;
    }

    /// <summary>Where the app is, with a slash at the end.</summary>
    public Uri Address => front!.Address;

    /// <summary>What callers must show; null where everybody may call.</summary>
    public FunctionKeys? Keys { get; }

    public IReadOnlyList<FunctionInfo> Functions { get; private set; } = [];

    /// <summary>The services of the WebJobs SDK.</summary>
    public IServiceProvider Services => jobs!.Services;

    /// <summary>The app's services, where it runs in this process.</summary>
    public IServiceProvider? WorkerServices =>
        workers?.Current is { IsCompletedSuccessfully: true, Result: var worker } ? worker.Run.Services : null;

    /// <summary>The worker's process id, where it has one of its own.</summary>
    public int? WorkerProcessId =>
        workers?.Current is { IsCompletedSuccessfully: true, Result.Run: WorkerProcess process } ? process.Id : null;

    /// <summary>How many invocations run of each function that has any.</summary>
    public IReadOnlyDictionary<string, int> Running => running.Counts;

    /// <summary>Faulted when the app cannot go on, for its worker cannot be started again.</summary>
    public Task Completion => workers!.Completion;

    /// <summary>Starts the app; ready when this returns. <see cref="StartException"/> says what is wrong with it.</summary>
    public static async Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellation = default)
    {
        var host = new FunctionsHost(options);
        try
        {
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await host.AbandonAsync();
            throw;
        }
    }

    /// <summary>Runs a function that a timer triggers now, whatever its schedule says.</summary>
    public Task RunTimerAsync(string name, CancellationToken cancellation = default)
    {
        var trigger = definitions.Single(function => function.Name == name && function.Kind == TriggerKind.Timer).Trigger;
        return Services.GetRequiredService<IJobHost>()
            .CallAsync(name, new Dictionary<string, object> { [trigger.Name] = string.Empty }, cancellation);
    }

    /// <summary>
    /// Stops: takes nothing new, lets what runs finish, then ends engine and worker. <paramref name="waitsFor"/> is told every second what
    /// still runs.
    /// Once <paramref name="now"/> is cancelled nobody is waited for.
    /// </summary>
    public async Task StopAsync(Action<IReadOnlyDictionary<string, int>>? waitsFor = null, CancellationToken now = default)
    {
        stopping = true;
        try
        {
            ending.CancelAfter(RequestsTimeout);
            await WaitAsync(DrainOthersAsync(), waitsFor, now);
            await WaitAsync(DurableEngines.DrainAsync(jobs!.Services, running, now), waitsFor, now);
            await jobs!.StopAsync(now);
            await workers!.StopAsync().WaitAsync(now);
        }
        catch (OperationCanceledException) when (now.IsCancellationRequested)
        {
            await AbandonAsync();
        }

        await DisposePartsAsync();
    }

    /// <summary>Ends at once, as a killed process would: nothing more is committed, and nobody is waited for.</summary>
    public async ValueTask AbandonAsync()
    {
        stopping = true;
        serving.TrySetCanceled();
        if (jobs is not null)
        {
            DurableEngines.Abandon(jobs.Services);
        }

        workers?.Abandon();
        if (started)
        {
            // What is left of it would go on asking the dead for work.
            await jobs!.StopAsync().WaitAsync(AbandonTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await DisposePartsAsync();
    }

    /// <summary>Stops, where nobody has.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed == 0)
        {
            await StopAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        // A timer of the WebJobs SDK blocks its thread while its function runs, and the pool adds threads but slowly.
        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, MinThreads), ports);
        telemetry = HostTelemetry.Start(options, configuration);
        var expected = new WorkerService.Expected();
        front = await Front.StartAsync(options, loggers, expected, ServeAsync);
        await (options.BeforeWorker?.Invoke(cancellation) ?? Task.CompletedTask);
        workers = new WorkerSupervisor(options, configuration, expected, new WorkerLogs(loggers), loggers.CreateLogger<WorkerSupervisor>());
        var worker = await workers.StartAsync(front.WorkerAddress, cancellation);
        definitions = FunctionDefinition.ReadAll(worker.Functions);
        var emitted = FunctionEmitter.Emit(definitions);
        var prefix = HostConfiguration.RoutePrefix(configuration);
        forwarding = new HttpForwarding(
            front.Services.GetRequiredService<IHttpForwarder>(),
            new WorkerPaths(prefix, HostConfiguration.RoutePrefix(HostConfiguration.ReadFile(options.AppFolder))));
        var instance = (EmittedFunctions)Activator.CreateInstance(emitted.Type)!;
        var faults = new FunctionFaults(workers, loggers.CreateLogger<FunctionFaults>());
        jobs = JobHostBuilder.Build(
            options, configuration, loggers, definitions, instance, listeners, faults, new Webhooks(front.Address, Keys));
        Functions = FunctionInfos.Of(definitions, front.Address, prefix, configuration, jobs.Services.GetRequiredService<INameResolver>());
        instance.Runner = new FunctionRunner(
            definitions, Functions, emitted.Parameters, workers, running, forwarding, options.OnInvocation);
        var keys = new KeyCheck(Keys);
        var http = new HttpFunctions(
            [.. definitions.Zip(Functions).Where(pair => pair.First.Kind == TriggerKind.Http)
                .Select(pair => new HttpFunction(pair.First, pair.Second.IsDisabled))],
            prefix,
            keys,
            jobs.Services.GetRequiredService<IJobHost>(),
            ending.Token).Build(front.Services);
        try
        {
            await jobs.StartAsync(cancellation);
            started = true;
        }
        catch (Exception exception) when (StartFaults.Find(exception) is { } fault)
        {
            throw new StartException(fault);
        }

        SilenceAzure(jobs.Services);
        var management = new ManagementApi(jobs.Services.GetServices<IExtensionConfigProvider>(), keys);
        serving.SetResult(context =>
            context.Request.Path.StartsWithSegments(ManagementApi.Path) ? management.HandleAsync(context) : http(context));
    }

    /// <summary>
    /// The extensions turn on every event of every Azure client in the process, for a log that is filtered afterwards; with many hosts in
    /// one process
    /// each hears all the others' clients.
    /// </summary>
    private void SilenceAzure(IServiceProvider services)
    {
        if (!loggers.CreateLogger("Azure.Core").IsEnabled(LogLevel.Warning))
        {
            services.GetService<AzureEventSourceLogForwarder>()?.Dispose();
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (stopping)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var serve = await serving.Task.WaitAsync(context.RequestAborted);
        await serve(context);
    }

    private async Task DrainOthersAsync()
    {
        await listeners.StopIndependentAsync();
        await running.DrainOthersAsync();
    }

    private async Task WaitAsync(Task end, Action<IReadOnlyDictionary<string, int>>? waitsFor, CancellationToken now)
    {
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, now));
            now.ThrowIfCancellationRequested();
            if (!end.IsCompleted)
            {
                waitsFor?.Invoke(running.Counts);
            }
        }

        await end;
    }

    private async ValueTask DisposePartsAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        await ending.CancelAsync();
        if (workers is not null)
        {
            await workers.DisposeAsync();
        }

        if (front is not null)
        {
            await front.DisposeAsync();
        }

        forwarding?.Dispose();
        if (jobs is not null)
        {
            await ((IAsyncDisposable)jobs).DisposeAsync();
        }

        telemetry?.Dispose();
        loggers.Dispose();
    }
}
