using Chard.Emulator.DurableTask;

namespace Microsoft.DurableTask.Entities;

/// <summary>
/// An entity whose operations are its public methods, found by name whatever the case. A method may take a
/// <see cref="TaskEntityContext"/> and one input. "delete" without a method of that name deletes the state.
/// </summary>
/// <typeparam name="TState">The state, kept through the worker's data converter.</typeparam>
public abstract class TaskEntity<TState> : ITaskEntity
{
    /// <summary>Whether a method of the state serves an operation that the entity has no method for; default false.</summary>
    protected virtual bool AllowStateDispatch => false;

    /// <summary>The state, kept when the operation ends well; null deletes it.</summary>
    protected TState State { get; set; } = default!;

    /// <summary>What the present operation may send.</summary>
    protected TaskEntityContext Context { get; private set; } = null!;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Nothing serves the operation.</exception>
    public ValueTask<object?> RunAsync(TaskEntityOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        Context = operation.Context;
        State = operation.State.GetState(typeof(TState)) is { } state ? (TState)state : InitializeState(operation);

        if (EntityMethods.TryInvoke(operation, this, out var result)
            || (AllowStateDispatch && State is not null && EntityMethods.TryInvoke(operation, State, out result)))
        {
            return CompleteAsync(operation, result);
        }

        if (string.Equals(operation.Name, "delete", StringComparison.OrdinalIgnoreCase))
        {
            operation.State.SetState(null);
            return default;
        }

        throw new NotSupportedException($"{GetType()} has no public method for the operation '{operation}'.");
    }

    /// <summary>The state of an entity that has none yet; by default what the parameterless constructor makes.</summary>
    protected virtual TState InitializeState(TaskEntityOperation entityOperation) =>
        Nullable.GetUnderlyingType(typeof(TState)) is { } underlying
            ? (TState)Activator.CreateInstance(underlying)!
            : Activator.CreateInstance<TState>();

    private async ValueTask<object?> CompleteAsync(TaskEntityOperation operation, object? result)
    {
        var value = await EntityMethods.UnwrapAsync(result);
        operation.State.SetState(State);
        return value;
    }
}
