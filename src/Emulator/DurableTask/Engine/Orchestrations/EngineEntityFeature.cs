using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>Entities as an orchestrator uses them: calls, signals, and critical sections over several of them.</summary>
internal sealed class EngineEntityFeature(OrchestrationRun run, RunIdentity identity, RunServices services, EngineOrchestrationContext context) : TaskOrchestrationEntityFeature
{
    private readonly EngineOrchestrationContext context = context;
    private readonly HashSet<EntityInstanceId> calling = [];
    private List<EntityInstanceId>? locked;
    private bool isLocking;
    private string lockId = string.Empty;

    public override Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
        Call<object?>(id, operationName, input, null);

    public override Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
        Call<TResult>(id, operationName, input, services.Codec);

    public override Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(operationName);
        context.CheckThread();
        if (locked?.Contains(id) == true)
        {
            throw new InvalidOperationException($"Entity {id} is locked by this critical section: call it instead of signalling it.");
        }

        Send(id, new HistoryEvent(EventKind.EntityOperation) { Name = operationName, Payload = services.Codec.Serialize(input), Ticks = options?.SignalTime?.UtcTicks ?? 0 });
        return Task.CompletedTask;
    }

    public override async Task<IAsyncDisposable> LockEntitiesAsync(IEnumerable<EntityInstanceId> entityIds)
    {
        ArgumentNullException.ThrowIfNull(entityIds);
        context.CheckThread();

        // All take their locks in one order, so no two wait for each other.
        var ids = entityIds.Distinct().OrderBy(static id => id.ToString(), StringComparer.Ordinal).ToList();
        if (ids.Count == 0)
        {
            throw new ArgumentException("Name at least one entity to lock.", nameof(entityIds));
        }

        if (locked is not null || isLocking)
        {
            throw new InvalidOperationException("Critical sections do not nest: release the first one before entering another.");
        }

        isLocking = true;
        lockId = context.NewGuidCore().ToString("N");
        var granted = new EntityCall<object?>(ids[0], "lock", null);
        var texts = ids.ConvertAll(static id => id.ToString());
        var sent = Send(ids[0], new HistoryEvent(EventKind.EntityLock)
        {
            Name = lockId,
            Payload = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(texts),
            Sender = identity.InstanceId,
            Correlation = identity.Reference,
            TaskId = run.PeekId(),
        });
        run.EntityCalls.Add(sent, granted);
        await granted.Task;
        isLocking = false;
        locked = ids;
        return new Release(this);
    }

    public override bool InCriticalSection([NotNullWhen(true)] out IReadOnlyList<EntityInstanceId>? entityIds)
    {
        context.CheckThread();
        entityIds = locked;
        return locked is not null;
    }

    /// <summary>Gives back what is locked; the end of an orchestration does so too.</summary>
    public void ReleaseAll()
    {
        if (locked is not { } ids)
        {
            return;
        }

        locked = null;
        foreach (var id in ids)
        {
            Send(id, new HistoryEvent(EventKind.EntityUnlock) { Name = lockId, Sender = identity.InstanceId, Correlation = identity.Reference });
        }
    }

    public void RefuseInCriticalSection()
    {
        if (locked is not null)
        {
            throw new InvalidOperationException("Sub-orchestrations cannot be called inside a critical section: release the locks first.");
        }
    }

    private Task<T> Call<T>(EntityInstanceId id, string operation, object? input, PayloadCodec? codec)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        context.CheckThread();
        if (locked is null)
        {
            return Start<T>(id, operation, input, codec);
        }

        if (!locked.Contains(id))
        {
            throw new InvalidOperationException($"Entity {id} is not locked by this critical section: name it in {nameof(LockEntitiesAsync)}, or call it outside.");
        }

        return calling.Add(id)
            ? OneAtATime(id, Start<T>(id, operation, input, codec))
            : throw new InvalidOperationException($"Entity {id} is being called already: inside a critical section await one call before the next.");
    }

    private async Task<T> OneAtATime<T>(EntityInstanceId id, Task<T> call)
    {
        try
        {
            return await call;
        }
        finally
        {
            calling.Remove(id);
        }
    }

    private Task<T> Start<T>(EntityInstanceId id, string operation, object? input, PayloadCodec? codec)
    {
        var call = new EntityCall<T>(id, operation, codec);
        var sent = Send(id, new HistoryEvent(EventKind.EntityOperation)
        {
            Name = operation,
            Payload = services.Codec.Serialize(input),
            Sender = identity.InstanceId,
            Correlation = identity.Reference,
            TaskId = run.PeekId(),
        });
        run.EntityCalls.Add(sent, call);
        return call.Task;
    }

    private int Send(EntityInstanceId id, HistoryEvent message)
    {
        var taskId = run.NextId();
        run.Send(new SendAction { Kind = ActionKind.SendToEntity, Id = taskId, Name = message.Kind == EventKind.EntityOperation ? message.Name : message.Kind.ToString(), Target = id.ToString(), Message = message });
        return taskId;
    }

    private sealed class Release(EngineEntityFeature owner) : IAsyncDisposable
    {
        private bool released;

        public ValueTask DisposeAsync()
        {
            if (!released)
            {
                released = true;
                owner.context.CheckThread();
                owner.ReleaseAll();
            }

            return ValueTask.CompletedTask;
        }
    }
}
