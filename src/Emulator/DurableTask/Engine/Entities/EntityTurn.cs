using System.Text.Json;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>A message that an entity's turn sends.</summary>
internal sealed record EntityMessage(string Target, HistoryEvent Message);

/// <summary>One pass of an entity over its messages, and what comes of it.</summary>
internal sealed class EntityTurn(EngineRuntime runtime, InstanceRow row)
{
    public long Ticks { get; } = runtime.Now;

    public byte[]? State { get; private set; } = row.Output;

    /// <summary>Who holds the lock, as <see cref="LockKey"/> writes it; null when nobody does.</summary>
    public string? Owner { get; private set; } = PayloadCodec.Text(row.CustomStatus);

    public HashSet<HistoryEvent> Consumed { get; } = [];

    /// <summary>Signals that are put off.</summary>
    public List<HistoryEvent> Delayed { get; } = [];

    public List<EntityMessage> ToEntities { get; } = [];

    public List<EntityMessage> ToOrchestrations { get; } = [];

    public List<StartRequest> Starts { get; } = [];

    /// <summary>The orchestration's id, then its execution and lock, which no id contains a line feed before.</summary>
    public static string LockKey(HistoryEvent message) => $"{message.Sender}\n{message.Correlation}\n{message.Name}";

    public async ValueTask RunAsync(List<HistoryEvent> waiting)
    {
        // A lock or an unlock changes who may go on, so the look at the waiting messages starts over after an unlock.
        for (var i = 0; i < waiting.Count; i++)
        {
            var message = waiting[i];
            if (Consumed.Contains(message))
            {
                continue;
            }

            switch (message.Kind)
            {
                case EventKind.EntityOperation when message.Ticks > Ticks:
                    Delayed.Add(message);
                    break;
                case EventKind.EntityOperation when MayRun(message):
                    await OperateAsync(message).ConfigureAwait(false);
                    Consumed.Add(message);
                    break;
                case EventKind.EntityLock when Owner is null:
                    Lock(message);
                    Consumed.Add(message);
                    break;
                case EventKind.EntityUnlock:
                    Consumed.Add(message);
                    if (Owner == LockKey(message))
                    {
                        Owner = null;
                        i = -1;
                    }
                    else
                    {
                        // The owner ended before it got the lock: its request must not be granted later.
                        Consumed.UnionWith(waiting.Where(other => other.Kind == EventKind.EntityLock && LockKey(other) == LockKey(message)));
                    }

                    break;
            }
        }
    }

    private bool MayRun(HistoryEvent operation) =>
        Owner is null || (operation.Sender is { } sender && Owner.StartsWith($"{sender}\n{operation.Correlation}\n", StringComparison.Ordinal));

    private void Lock(HistoryEvent request)
    {
        Owner = LockKey(request);
        var ids = JsonSerializer.Deserialize<List<string>>(request.Payload)!;
        var next = (int)request.Ticks + 1;
        if (next < ids.Count)
        {
            ToEntities.Add(new EntityMessage(ids[next], new HistoryEvent(EventKind.EntityLock)
            {
                Name = request.Name,
                Payload = request.Payload,
                Sender = request.Sender,
                Correlation = request.Correlation,
                TaskId = request.TaskId,
                Ticks = next,
            }));
            return;
        }

        ToOrchestrations.Add(new EntityMessage(request.Sender!, new HistoryEvent(EventKind.LockGranted)
        {
            TaskId = request.TaskId,
            Name = request.Name,
            Payload = request.Payload,
            Correlation = request.Correlation,
        }));
    }

    private async ValueTask OperateAsync(HistoryEvent message)
    {
        var operation = new EngineEntityOperation(EntityInstanceId.FromString(row.Id), message, State, runtime);
        byte[]? result = null;
        Failure? failure = null;
        try
        {
            if (runtime.Services.Functions.FindEntity(row.Name) is { } function)
            {
                result = runtime.Services.Codec.Serialize(await function(operation).ConfigureAwait(false));
                State = operation.FinalState;
                ToEntities.AddRange(operation.Signals);
                Starts.AddRange(operation.Starts);
            }
            else
            {
                failure = new Failure(Failure.EntityNotFound, $"No entity task named '{row.Name}' was found.");
            }
        }
#pragma warning disable CA1031 // Whatever an operation throws undoes it, and goes to its caller.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = runtime.Services.Describe(thrown);
        }

        if (message.Sender is { } caller)
        {
            ToOrchestrations.Add(new EntityMessage(caller, failure is null
                ? new HistoryEvent(EventKind.EntityResponded) { TaskId = message.TaskId, Payload = result, Correlation = message.Correlation }
                : new HistoryEvent(EventKind.EntityFailed) { TaskId = message.TaskId, Failure = failure, Correlation = message.Correlation }));
        }
        else if (failure is not null)
        {
            runtime.Logger.LogWarning("Signal '{Operation}' to entity {EntityId} failed and is lost: {Failure}", message.Name, row.Id, failure.Details);
        }
    }
}
