using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.Serializing;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>
/// What an orchestration of a test can do: the framework's context, with events that wait in order and entities that answer.
/// </summary>
internal sealed class Flow(OrchestrationContext context)
{
    private readonly Dictionary<string, Queue<string>> arrived = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<TaskCompletionSource<string>>> awaited = new(StringComparer.OrdinalIgnoreCase);
    private OrchestrationEntityContext? entities;
    private int calls;

    public OrchestrationContext Context => context;

    public DateTime Now => context.CurrentUtcDateTime;

    public string? Status { get; set; }

    private OrchestrationEntityContext Entities =>
        entities ??= new OrchestrationEntityContext(
            context.OrchestrationInstance.InstanceId, context.OrchestrationInstance.ExecutionId, context);

    public Task<string> CallAsync(string activity, string input) => context.ScheduleTask<string>(activity, string.Empty, input);

    public Task<string> CallAsync(string activity, string input, RetryOptions retry) =>
        context.ScheduleWithRetry<string>(activity, string.Empty, retry, input);

    public Task<string> ChildAsync(string name, string id, string input) =>
        context.CreateSubOrchestrationInstance<string>(name, string.Empty, id, input);

    public Task SleepAsync(TimeSpan time) => context.CreateTimer(context.CurrentUtcDateTime + time, true);

    public void Send(string id, string name, string value) => context.SendEvent(new OrchestrationInstance { InstanceId = id }, name, value);

    /// <summary>Begins anew, as Microsoft's SDK does it: events that nobody has taken are sent once more.</summary>
    public void ContinueAsNew(string input)
    {
        foreach (var (name, values) in arrived)
        {
            foreach (var value in values)
            {
                Send(context.OrchestrationInstance.InstanceId, name, JsonDataConverter.Default.Deserialize<string>(value));
            }
        }

        context.ContinueAsNew(input);
    }

    public async Task<string> EventAsync(string name) => JsonDataConverter.Default.Deserialize<string>(await RawEventAsync(name));

    public void Raise(string name, string input)
    {
        if (awaited.TryGetValue(name, out var waiters) && waiters.TryDequeue(out var waiter))
        {
            waiter.SetResult(input);
        }
        else
        {
            Of(arrived, name).Enqueue(input);
        }
    }

    public void Signal(string entity, string key, string operation, string? input, TimeSpan? delay = null)
    {
        (DateTime, DateTime)? due = delay is { } later ? (Now + later, Now + later) : null;
        Emit(Entities.EmitRequestMessage(Instance(entity, key), operation, true, NextId(), due, input));
    }

    public async Task<string?> CallEntityAsync(string entity, string key, string operation, string? input)
    {
        var id = NextId();
        Emit(Entities.EmitRequestMessage(Instance(entity, key), operation, false, id, null, input));
        var answer = Entities.DeserializeEntityResponseEvent(await RawEventAsync(id.ToString()));
        Entities.RecoverLockAfterCall(Instance(entity, key).InstanceId);
        return answer.Result;
    }

    public async Task LockAsync(params (string Entity, string Key)[] locked)
    {
        var id = NextId();
        Emit(Entities.EmitAcquireMessage(id, [.. locked.Select(pair => new EntityId(pair.Entity, pair.Key))]));
        Entities.CompleteAcquire(Entities.DeserializeEntityResponseEvent(await RawEventAsync(id.ToString())), id);
    }

    public void Release()
    {
        foreach (var message in Entities.EmitLockReleaseMessages())
        {
            Emit(message);
        }
    }

    private static OrchestrationInstance Instance(string entity, string key) => new() { InstanceId = new EntityId(entity, key).ToString() };

    private static Queue<T> Of<T>(Dictionary<string, Queue<T>> queues, string name)
    {
        if (!queues.TryGetValue(name, out var queue))
        {
            queues[name] = queue = new Queue<T>();
        }

        return queue;
    }

    private void Emit(EntityMessageEvent message) => context.SendEvent(message.TargetInstance, message.EventName, message.AsRawInput());

    private Task<string> RawEventAsync(string name)
    {
        if (arrived.TryGetValue(name, out var values) && values.TryDequeue(out var value))
        {
            return Task.FromResult(value);
        }

        var waiter = new TaskCompletionSource<string>();
        Of(awaited, name).Enqueue(waiter);
        return waiter.Task;
    }

    /// <summary>The same in each replay, and another in each execution.</summary>
    private Guid NextId()
    {
        var seed = System.Text.Encoding.UTF8.GetBytes($"{context.OrchestrationInstance.ExecutionId}/{calls++}");
        return new Guid(System.Security.Cryptography.SHA256.HashData(seed).AsSpan(0, 16));
    }
}
