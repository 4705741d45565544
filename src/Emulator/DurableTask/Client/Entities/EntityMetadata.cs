using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask.Client.Entities;

/// <summary>An entity as it was when it was read.</summary>
/// <typeparam name="TState">The type of its state.</typeparam>
public class EntityMetadata<TState>
{
    private readonly TState? state;

    /// <summary>An entity read without its state.</summary>
    public EntityMetadata(EntityInstanceId id)
    {
        Id = id;
        IncludesState = false;
    }

    /// <summary>An entity read with its state.</summary>
    public EntityMetadata(EntityInstanceId id, TState? state)
    {
        Id = id;
        this.state = state;
        IncludesState = state is not null;
    }

    /// <summary>The entity's id.</summary>
    public EntityInstanceId Id { get; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>How many operations wait.</summary>
    public int BacklogQueueSize { get; init; }

    /// <summary>The instance that holds its lock; null when none does.</summary>
    public string? LockedBy { get; init; }

    /// <summary>Whether there is a state here.</summary>
    [MemberNotNullWhen(true, nameof(State))]
    [MemberNotNullWhen(true, nameof(state))]
    public bool IncludesState { get; }

    /// <summary>The state.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it was not asked for.</exception>
    public TState State => IncludesState
        ? state
        : throw new InvalidOperationException($"Entity '{Id}' has no state, or was read without it; check IncludesState.");
}

/// <summary>An entity as it was when it was read, its state as text.</summary>
/// <param name="id">The entity's id.</param>
/// <param name="state">The state; null when there is none, or it was not asked for.</param>
public sealed class EntityMetadata(EntityInstanceId id, SerializedData? state = null) : EntityMetadata<SerializedData>(id, state);
