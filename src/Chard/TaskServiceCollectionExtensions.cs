using System.Diagnostics.Metrics;
using System.Reflection;
using Chard.Canvases;
using Chard.Control;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Limits;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Limits;
using Chard.Platform;
using Chard.Running;
using Chard.Starts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Chard;

/// <summary>Registers the tasks and what runs them.</summary>
public static class TaskServiceCollectionExtensions
{
    /// <summary>
    /// Adds the catalogue of the tasks added by <see cref="AddTasksFrom"/>, with their policies from <c>Chard:Tasks</c>, checked whole
    /// when the host starts; the runner, the classifier, the ledger and the payload store. Safe to call twice.
    /// </summary>
    public static IServiceCollection AddTasks(this IServiceCollection services)
    {
        services.AddLedger();
        services.AddLimits();
        services.TryAddSingleton<IPayloadStore, BlobPayloadStore>();
        services.TryAddSingleton<OldPayloads>();
        services.TryAddSingleton<LedgerDeletion>();
        services.TryAddSingleton<TaskValueStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFailureRule, AzureFailureRule>());
        services.TryAddSingleton<FailureClassifier>();
        services.TryAddSingleton(provider => TaskCatalogue.Create(
            provider.GetServices<TaskAssembly>().Distinct().SelectMany(a => TaskCatalogue.TasksIn(a.Assembly)),
            provider.GetServices<TaskAssembly>().Distinct().SelectMany(a => TaskFunctionsIn(a.Assembly)),
            Settings(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<LimitCatalogue>()));
        services.AddMetrics();
        services.TryAddSingleton<MeasuredDepths>();
        services.TryAddSingleton(provider => new ChardMetrics(
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<TaskCatalogue>(),
            () => [RunCanvas.Name, .. provider.GetService<WorkflowCatalogue>()?.Names ?? []],
            provider.GetRequiredService<MeasuredDepths>()));
        services.TryAddSingleton<InstanceMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, InstanceMetrics>(
            provider => provider.GetRequiredService<InstanceMetrics>()));
        services.TryAddSingleton<RunningWorkflows>();
        services.TryAddSingleton(provider => RecycleSettings.In(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<WorkerAge>();
        services.TryAddSingleton<TaskRunner>();
        services.TryAddSingleton<TaskSchemas>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TaskCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TaskStorageInitializer>());
        return services;
    }

    /// <summary>Adds the tasks of an assembly and their activity functions. Safe to call twice.</summary>
    public static IServiceCollection AddTasksFrom(this IServiceCollection services, Assembly assembly) =>
        services.AddSingleton(new TaskAssembly(assembly)).AddLimitsOf(TaskCatalogue.TasksIn(assembly));

    /// <summary>
    /// Names of the activity functions of an assembly that run tasks: those whose trigger takes a <see cref="TaskCall"/>.
    /// </summary>
    internal static IEnumerable<string> TaskFunctionsIn(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
            && method.GetParameters().Any(p => p.ParameterType == typeof(TaskCall) && p.IsDefined(typeof(ActivityTriggerAttribute)))
        select function.Name;

    private static Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> Settings(IConfiguration configuration) =>
        configuration.GetSection(TaskPolicySettings.Section).GetChildren().ToDictionary(
            task => task.Key,
            IReadOnlyList<KeyValuePair<string, string?>> (task) => [.. task.GetChildren().Select(s => KeyValuePair.Create(s.Key, s.Value))],
            StringComparer.OrdinalIgnoreCase);

    /// <summary>An assembly that has tasks.</summary>
    private sealed record TaskAssembly(Assembly Assembly);

    /// <summary>
    /// Makes the catalogue and reads the settings when the host starts, so that a mistake is told then and not by the first call.
    /// </summary>
    private sealed class TaskCheck(TaskCatalogue catalogue, LedgerSettings ledger, IConfiguration configuration) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(catalogue);
            ArgumentNullException.ThrowIfNull(ledger);
            ClockPeriod.In(configuration);
            RetentionSettings.In(configuration);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
