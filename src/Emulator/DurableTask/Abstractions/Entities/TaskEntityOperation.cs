namespace Microsoft.DurableTask.Entities;

/// <summary>One operation asked of an entity.</summary>
public abstract class TaskEntityOperation
{
    /// <summary>The operation's name.</summary>
    public abstract string Name { get; }

    /// <summary>What the operation may send.</summary>
    public abstract TaskEntityContext Context { get; }

    /// <summary>The entity's state.</summary>
    public abstract TaskEntityState State { get; }

    /// <summary>Whether an input was given.</summary>
    public abstract bool HasInput { get; }

    /// <summary>The input as the given type; null without one.</summary>
    public abstract object? GetInput(Type inputType);

    /// <summary>The input; default without one.</summary>
    public virtual T? GetInput<T>() => (T?)GetInput(typeof(T));

    /// <summary>The entity's id and the operation's name.</summary>
    public override string ToString() => $"{Context.Id}/{Name}";
}
