using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the operation an entity function was started for. The function dispatches once.</summary>
public sealed class TaskEntityDispatcher
{
    private readonly TaskEntityOperation operation;
    private readonly IServiceProvider root;

    internal TaskEntityDispatcher(TaskEntityOperation operation, IServiceProvider root)
    {
        this.operation = operation;
        this.root = root;
    }

    /// <summary>The invocation whose services make the entity.</summary>
    internal FunctionContext? Services { get; set; }

    internal object? Result { get; private set; }

    /// <summary>Runs the operation on this entity.</summary>
    public async Task DispatchAsync(ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        Result = await entity.RunAsync(operation);
    }

    /// <summary>Runs the operation on a <typeparamref name="T"/> from the app's services where that is an entity; else on a state of that type.</summary>
    public Task DispatchAsync<T>()
    {
        var services = Services?.InstanceServices ?? root;
        return typeof(ITaskEntity).IsAssignableFrom(typeof(T))
            ? DispatchAsync((ITaskEntity)ActivatorUtilities.GetServiceOrCreateInstance<T>(services)!)
            : DispatchAsync(new StateEntity<T>(services));
    }

    /// <summary>Runs the operation by a function.</summary>
    public async Task DispatchAsync(Func<TaskEntityOperation, ValueTask<object?>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Result = await handler(operation);
    }

    /// <summary>An entity whose operations are the methods of its state.</summary>
    private sealed class StateEntity<TState>(IServiceProvider services) : TaskEntity<TState>
    {
        protected override bool AllowStateDispatch => true;

        protected override TState InitializeState(TaskEntityOperation entityOperation) => typeof(TState).IsValueType
            ? base.InitializeState(entityOperation)
            : ActivatorUtilities.GetServiceOrCreateInstance<TState>(services);
    }
}
