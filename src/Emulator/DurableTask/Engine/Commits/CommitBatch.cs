using System.Text.Json;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>A start, from a client, an orchestrator or an entity.</summary>
internal sealed record StartRequest(string Id, string Name, string Version, byte[]? Input)
{
    public ParentCall? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public long? DueTicks { get; init; }

    /// <summary>States of an existing instance that refuse the start; null for the engine's rule.</summary>
    public IReadOnlyCollection<OrchestrationRuntimeStatus>? Protected { get; init; }
}

/// <summary>The open transaction, and the mail to be let out once it is durable.</summary>
internal sealed class CommitBatch(EngineRuntime runtime)
{
    private readonly List<(Instance Target, HistoryEvent Mail)> deliveries = [];
    private readonly List<OrchestrationInstance> started = [];

    public EngineRuntime Runtime => runtime;

    public HistoryWriter Writer => runtime.Store.Writer;

    /// <summary>Stores a message in its recipient's history. It is durable with whatever else the transaction holds.</summary>
    public void Deliver(Instance target, HistoryEvent mail)
    {
        mail.Sequence = target.NextSequence++;
        target.Unconsumed.Add(mail.Sequence);
        Writer.InsertRow(target.Key, mail.Sequence, HistoryRow.Message(mail));
        deliveries.Add((target, mail));
    }

    /// <summary>Stores a message for an entity, which begins to exist with its first one.</summary>
    public void DeliverToEntity(string id, HistoryEvent mail)
    {
        if (runtime.Instances.Find(id) is not EntityInstance entity)
        {
            var row = new InstanceRow
            {
                Key = runtime.Instances.NextKey(),
                Id = id,
                Name = EntityInstanceId.FromString(id).Name,
                Status = OrchestrationRuntimeStatus.Running,
                Execution = InstanceRow.EntityExecution,
                CreatedTicks = runtime.Now,
            };
            Writer.Insert(row);
            entity = new EntityInstance(runtime, row);
            runtime.Instances.Add(entity);
        }

        Deliver(entity, mail);
    }

    /// <summary>Stores an entity's answer for the execution that asked. A lock that nobody waits for any more goes back.</summary>
    public void Answer(string id, HistoryEvent mail)
    {
        if (runtime.Instances.Find(id) is OrchestrationInstance asker && asker.Reference == mail.Correlation && !asker.Row.IsFinished)
        {
            Deliver(asker, mail);
        }
        else if (mail.Kind == EventKind.LockGranted)
        {
            foreach (var entity in JsonSerializer.Deserialize<List<string>>(mail.Payload)!)
            {
                DeliverToEntity(entity, new HistoryEvent(EventKind.EntityUnlock) { Name = mail.Name, Sender = id, Correlation = mail.Correlation });
            }
        }
    }

    /// <summary>Gives back the locks of an execution that cannot do so itself any more.</summary>
    public void ReleaseLocksOf(OrchestrationInstance owner)
    {
        var prefix = $"{owner.Id}\n{owner.Reference}\n";
        foreach (var entity in runtime.Instances.Entities)
        {
            if (PayloadCodec.Text(entity.Row.CustomStatus) is { } key && key.StartsWith(prefix, StringComparison.Ordinal))
            {
                Deliver(entity, new HistoryEvent(EventKind.EntityUnlock) { Name = key[prefix.Length..], Sender = owner.Id, Correlation = owner.Reference });
            }
        }
    }

    /// <summary>Stores the first row of an execution. It is always row 0, before whatever the execution inherits.</summary>
    public HistoryEvent StoreStart(OrchestrationInstance target, byte[]? input)
    {
        var start = new HistoryEvent(EventKind.Started) { Payload = input, Sequence = 0 };
        Writer.InsertRow(target.Key, 0, HistoryRow.Message(start));
        target.Unconsumed.Add(0);
        return start;
    }

    /// <summary>Starts an instance unless its id is taken by one that refuses it.</summary>
    /// <returns>Null when started; else the state of the instance that is in the way.</returns>
    public OrchestrationRuntimeStatus? Start(StartRequest request, long ticks)
    {
        if (Writer.Find(request.Id) is { } existing)
        {
            var live = runtime.Instances.Find(request.Id);
            var status = live is OrchestrationInstance orchestration ? orchestration.Row.Status : existing.Status;
            if (IsProtected(status, request.Protected))
            {
                return status;
            }

            if (live is not null)
            {
                runtime.Instances.Remove(live);
                live.Leave();
            }

            Writer.Delete(existing.Key);
        }

        var row = new InstanceRow
        {
            Key = runtime.Instances.NextKey(),
            Id = request.Id,
            Name = request.Name,
            Version = request.Version,
            CreatedTicks = ticks,
            UpdatedTicks = ticks,
            DueTicks = request.DueTicks > ticks ? request.DueTicks : null,
            Parent = request.Parent,
            Tags = request.Tags,
        };
        Writer.Insert(row);
        var instance = new OrchestrationInstance(runtime, row) { NextSequence = 1 };
        runtime.Instances.Add(instance);
        started.Add(instance);
        deliveries.Add((instance, StoreStart(instance, request.Input)));
        return null;
    }

    /// <summary>Gives out the mail of the transaction, now durable.</summary>
    public void Release()
    {
        foreach (var instance in started)
        {
            instance.Publish();
            if (instance.Row.DueTicks is { } due)
            {
                runtime.Timers.Add(new StartEntry(instance, due));
            }
        }

        foreach (var (target, mail) in deliveries)
        {
            target.Post(mail);
        }

        started.Clear();
        deliveries.Clear();
    }

    private bool IsProtected(OrchestrationRuntimeStatus status, IReadOnlyCollection<OrchestrationRuntimeStatus>? given) =>
        given?.Contains(status) ?? (runtime.Options.DuplicateStarts == DedupeBehavior.RefuseUnfinished && !InstanceRow.IsFinal(status));
}
