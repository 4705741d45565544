using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask.Entities;

/// <summary>What an orchestrator may do with entities.</summary>
public abstract class TaskOrchestrationEntityFeature
{
    /// <summary>Runs an operation and gives its result.</summary>
    /// <exception cref="EntityOperationFailedException">The operation failed.</exception>
    public abstract Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null);

    /// <inheritdoc cref="CallEntityAsync{TResult}(EntityInstanceId, string, object?, CallEntityOptions?)"/>
    public virtual Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, CallEntityOptions? options) =>
        CallEntityAsync<TResult>(id, operationName, null, options);

    /// <summary>Runs an operation and waits for its end.</summary>
    /// <exception cref="EntityOperationFailedException">The operation failed.</exception>
    public abstract Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null);

    /// <inheritdoc cref="CallEntityAsync(EntityInstanceId, string, object?, CallEntityOptions?)"/>
    public virtual Task CallEntityAsync(EntityInstanceId id, string operationName, CallEntityOptions? options) => CallEntityAsync(id, operationName, null, options);

    /// <summary>Sends an operation without waiting for it; its failure is not told.</summary>
    public abstract Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null);

    /// <inheritdoc cref="SignalEntityAsync(EntityInstanceId, string, object?, SignalEntityOptions?)"/>
    public virtual Task SignalEntityAsync(EntityInstanceId id, string operationName, SignalEntityOptions? options) => SignalEntityAsync(id, operationName, null, options);

    /// <summary>Locks entities until the result is disposed or the orchestrator ends. Locks do not nest.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public abstract Task<IAsyncDisposable> LockEntitiesAsync(IEnumerable<EntityInstanceId> entityIds);

    /// <inheritdoc cref="LockEntitiesAsync(IEnumerable{EntityInstanceId})"/>
    public virtual Task<IAsyncDisposable> LockEntitiesAsync(params EntityInstanceId[] entityIds) => LockEntitiesAsync((IEnumerable<EntityInstanceId>)entityIds);

    /// <summary>Whether locks are held, and which.</summary>
    public abstract bool InCriticalSection([NotNullWhen(true)] out IReadOnlyList<EntityInstanceId>? entityIds);

    /// <summary>Whether locks are held.</summary>
    public virtual bool InCriticalSection() => InCriticalSection(out _);
}
