using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask.Client.Entities;

/// <summary>Signals and reads entities from outside.</summary>
/// <param name="name">The client's name.</param>
public abstract class DurableEntityClient(string name)
{
    /// <summary>The client's name.</summary>
    public string Name { get; } = name;

    /// <summary>Sends an operation; done once it is durable, not once it has run.</summary>
    public abstract Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null, CancellationToken cancellation = default);

    /// <inheritdoc cref="SignalEntityAsync(EntityInstanceId, string, object?, SignalEntityOptions?, CancellationToken)"/>
    public virtual Task SignalEntityAsync(EntityInstanceId id, string operationName, SignalEntityOptions options, CancellationToken cancellation = default) =>
        SignalEntityAsync(id, operationName, null, options, cancellation);

    /// <inheritdoc cref="SignalEntityAsync(EntityInstanceId, string, object?, SignalEntityOptions?, CancellationToken)"/>
    public virtual Task SignalEntityAsync(EntityInstanceId id, string operationName, CancellationToken cancellation) =>
        SignalEntityAsync(id, operationName, null, null, cancellation);

    /// <summary>The entity; null when it is unknown.</summary>
    public abstract Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default);

    /// <inheritdoc cref="GetEntityAsync(EntityInstanceId, bool, CancellationToken)"/>
    public virtual Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, CancellationToken cancellation) => GetEntityAsync(id, true, cancellation);

    /// <summary>The entity with its state as <typeparamref name="T"/>; null when it is unknown.</summary>
    public abstract Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default);

    /// <inheritdoc cref="GetEntityAsync{T}(EntityInstanceId, bool, CancellationToken)"/>
    public virtual Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, CancellationToken cancellation) => GetEntityAsync<T>(id, true, cancellation);

    /// <summary>The entities that meet a filter, fetched page by page.</summary>
    public abstract AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null);

    /// <summary>The entities that meet a filter, with their states as <typeparamref name="T"/>, fetched page by page.</summary>
    public abstract AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null);

    /// <summary>Drops entities that hold nothing and releases locks whose holder is gone.</summary>
    public abstract Task<CleanEntityStorageResult> CleanEntityStorageAsync(CleanEntityStorageRequest? request = null, bool continueUntilComplete = true, CancellationToken cancellation = default);
}
