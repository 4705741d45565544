using Chard.Control;
using Chard.Platform;
using Chard.Running;
using Chard.Starts;
using Chard.Status;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard;

/// <summary>Registers workflows and what starts, watches and ends them.</summary>
public static class WorkflowServiceCollectionExtensions
{
    /// <summary>Adds the starter, the catalogue of workflows, the status store and the sweep. Safe to call twice.</summary>
    public static IServiceCollection AddWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkflowCatalogue>();
        services.TryAddSingleton<IWorkflowStatusStore, TableWorkflowStatusStore>();
        services.TryAddSingleton<IWorkflowStarter, WorkflowStarter>();
        services.TryAddSingleton<StartChecks>();
        services.TryAddSingleton<Clock>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, WorkflowSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, RetentionSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, PurgePayloads>());
        services.TryAddSingleton(provider => RetentionSettings.In(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<EndedWorkflows>();
        services.TryAddSingleton<WorkflowDeletion>();
        services.TryAddSingleton<SweepPlaces>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, MeasureDepths>());
        services.TryAddSingleton<RunningWorkflows>();
        services.TryAddSingleton<WorkflowControl>();
        services.TryAddSingleton<WorkflowReasons>();
        services.TryAddSingleton<IWorkflowRepair, WorkflowRepair>();
        services.TryAddSingleton<StartInputs>();
        services.TryAddSingleton<WorkflowScheduler>();
        services.TryAddSingleton<WorkflowStates>();
        services.TryAddSingleton<WorkflowSignals>();
        services.TryAddSingleton<WorkflowWatch>();
        return services.AddStartKind<WorkflowStartKind>();
    }

    /// <summary>Makes a workflow startable by its name. Safe to call twice.</summary>
    public static IServiceCollection AddWorkflow<TDefinition>(this IServiceCollection services)
        where TDefinition : class, IWorkflowDefinition
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWorkflowDefinition, TDefinition>());
        return services;
    }

    /// <summary>Adds a form of start. Safe to call twice.</summary>
    public static IServiceCollection AddStartKind<TKind>(this IServiceCollection services)
        where TKind : class, IStartKind
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartKind, TKind>());
        return services;
    }
}
