using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Functions.Workflows;

/// <summary>Registers workflows and what starts and watches them.</summary>
public static class WorkflowServiceCollectionExtensions
{
    /// <summary>Adds the starter, the catalogue of workflows and the status store. Safe to call twice.</summary>
    public static IServiceCollection AddWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkflowCatalogue>();
        services.TryAddSingleton<IWorkflowStatusStore, TableWorkflowStatusStore>();
        services.TryAddSingleton<IWorkflowStarter, WorkflowStarter>();
        return services;
    }

    /// <summary>Makes a workflow startable by its name. Safe to call twice.</summary>
    public static IServiceCollection AddWorkflow<TDefinition>(this IServiceCollection services)
        where TDefinition : class, IWorkflowDefinition
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWorkflowDefinition, TDefinition>());
        return services;
    }
}
