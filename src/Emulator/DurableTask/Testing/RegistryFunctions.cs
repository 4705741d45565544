using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.DurableTask;

/// <summary>Runs the tasks of a registry. Each call makes its task anew, in a scope of services of its own.</summary>
internal sealed class RegistryFunctions : IDurableFunctions
{
    private static readonly ConcurrentDictionary<Type, Func<TaskOrchestrationContext, object?>> InputReaders = [];

    private readonly Dictionary<TaskName, OrchestratorFunction> orchestrators;
    private readonly Dictionary<TaskName, ActivityFunction> activities;
    private readonly Dictionary<TaskName, EntityFunction> entities;

    public RegistryFunctions(DurableTaskRegistry tasks, IServiceProvider services)
    {
        orchestrators = tasks.GetOrchestrators().ToDictionary(item => item.Key, item => Orchestrator(item.Value, services));
        activities = tasks.GetActivities().ToDictionary(item => item.Key, item => Activity(item.Key, item.Value, services));
        entities = tasks.GetEntities().ToDictionary(item => item.Key, item => Entity(item.Value, services));
    }

    public OrchestratorFunction? FindOrchestrator(TaskName name) => orchestrators.GetValueOrDefault(name);

    public ActivityFunction? FindActivity(TaskName name) => activities.GetValueOrDefault(name);

    public EntityFunction? FindEntity(TaskName name) => entities.GetValueOrDefault(name);

    // Nothing here may leave the orchestrator's own context: no ConfigureAwait(false), and a scope that is disposed synchronously.
    private static OrchestratorFunction Orchestrator(Func<IServiceProvider, ITaskOrchestrator> make, IServiceProvider services) => async context =>
    {
        using var scope = services.CreateScope();
        var orchestrator = make(scope.ServiceProvider);
        var read = InputReaders.GetOrAdd(orchestrator.InputType, Reader);
        return await orchestrator.RunAsync(context, read(context));
    };

    private static Func<TaskOrchestrationContext, object?> Reader(Type type)
    {
        var reader = typeof(RegistryFunctions).GetMethod(nameof(ReadInput), BindingFlags.Static | BindingFlags.NonPublic)!;
        return reader.MakeGenericMethod(type).CreateDelegate<Func<TaskOrchestrationContext, object?>>();
    }

    private static object? ReadInput<T>(TaskOrchestrationContext context) => context.GetInput<T>();

    private static ActivityFunction Activity(TaskName name, Func<IServiceProvider, ITaskActivity> make, IServiceProvider services) => async invocation =>
    {
        await using var scope = services.CreateAsyncScope();
        var activity = make(scope.ServiceProvider);
        return await activity.RunAsync(new ActivityContext(name, invocation), invocation.GetInput(activity.InputType)).ConfigureAwait(false);
    };

    private static EntityFunction Entity(Func<IServiceProvider, ITaskEntity> make, IServiceProvider services) => async operation =>
    {
        await using var scope = services.CreateAsyncScope();
        return await make(scope.ServiceProvider).RunAsync(operation).ConfigureAwait(false);
    };

    private sealed class ActivityContext(TaskName name, ActivityInvocation invocation) : TaskActivityContext
    {
        public override TaskName Name => name;

        public override string InstanceId => invocation.InstanceId;

        public override string Version => invocation.Version;
    }
}
