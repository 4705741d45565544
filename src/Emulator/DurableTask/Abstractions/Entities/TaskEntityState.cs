namespace Microsoft.DurableTask.Entities;

/// <summary>The state of an entity during one operation.</summary>
public abstract class TaskEntityState
{
    /// <summary>Whether there is a state.</summary>
    public abstract bool HasState { get; }

    /// <summary>The state as the given type; null when there is none.</summary>
    public abstract object? GetState(Type type);

    /// <summary>The state, or <paramref name="defaultValue"/> when there is none.</summary>
    public virtual T? GetState<T>(T? defaultValue = default) => GetState(typeof(T)) is T state ? state : defaultValue;

    /// <summary>Replaces the state; null deletes it.</summary>
    public abstract void SetState(object? state);
}
