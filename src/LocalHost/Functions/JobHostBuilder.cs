using Chard.LocalHost.Durable;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Azure.WebJobs.Logging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Functions;

/// <summary>The WebJobs SDK's host with the extensions that the app needs.</summary>
internal static class JobHostBuilder
{
    public static IHost Build(
        FunctionsHostOptions options,
        IConfiguration configuration,
        ILoggerFactory loggers,
        IReadOnlyList<FunctionDefinition> functions,
        EmittedFunctions instance,
        Listeners listeners,
        FunctionFaults faults,
        Webhooks webhooks) =>
        new HostBuilder()
            .UseContentRoot(options.AppFolder)
            .ConfigureHostConfiguration(builder => builder.AddConfiguration(configuration))
            .ConfigureServices(services =>
            {
                services.AddSingleton(configuration);
                services.AddSingleton<ILoggerFactory>(new HostLoggers(loggers));
                services.AddSingleton<IHostLifetime, NoLifetime>();
                services.AddSingleton<ITypeLocator>(new OneType(instance.GetType()));
                services.AddSingleton<IJobActivator>(new OneInstance(instance));
                services.AddSingleton<IHostIdProvider>(new HostId());
                services.AddSingleton<IWebJobsExceptionHandler>(faults);
                services.AddSingleton<IDrainModeManager>(listeners);
#pragma warning disable CS0618 // The durable extension asks for this, obsolete or not.
                services.AddSingleton<Microsoft.Azure.WebJobs.Host.Config.IWebHookProvider>(webhooks);
#pragma warning restore CS0618
                var jobs = services.AddWebJobs(_ => { }).AddExecutionContextBinding();
                services.AddSingleton<IListenerDecorator>(listeners);
                services.Configure<FunctionResultAggregatorOptions>(aggregator => aggregator.IsEnabled = false);
                services.Configure<JobHostFunctionTimeoutOptions>(limit =>
                {
                    limit.Timeout = HostConfiguration.FunctionTimeout(configuration);
                    limit.ThrowOnTimeout = true;
                });
                if (functions.Any(function => function.Kind == TriggerKind.Timer))
                {
                    jobs.AddTimers();
                    services.AddSingleton<ScheduleMonitor>(new TimerStatusFiles(Path.Combine(options.DataFolder, "timers")));
                }

                if (functions.Any(function => function.Kind == TriggerKind.Queue || function.Outputs.Count > 0))
                {
                    jobs.AddAzureStorageQueues();
                }

                if (functions.Any(function => function.IsDurable || function.Clients.Count > 0))
                {
                    jobs.AddDurableTask();
                    DurableEngines.Register(services, options, configuration);
                }

                // Of the SDK's services only the job host itself: the others serve many machines.
                services.RemoveAll<IHostedService>();
                services.AddHostedService<Microsoft.Azure.WebJobs.Hosting.JobHostService>();
                options.ConfigureServices?.Invoke(services);
            })
            .Build();

    private sealed class OneType(Type type) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => [type];
    }

    private sealed class OneInstance(object instance) : IJobActivator
    {
        public T CreateInstance<T>() => (T)instance;
    }

    private sealed class HostId : IHostIdProvider
    {
        public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult("localhost");
    }
}
