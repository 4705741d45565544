using DurableTask.Core;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <summary>What a worker made of a work item, written out before the writer's thread gets it, and how that is stored.</summary>
internal sealed class Turn
{
    private readonly WorkItem item;
    private readonly OrchestrationState? state;
    private readonly string? before;
    private readonly bool replaces;
    private readonly HistoryEvent[] events = [];
    private readonly (EventType Type, string Body)[] bodies = [];
    private readonly long[] taken;
    private readonly List<(TaskMessage Message, string Body, string? Tags)> tasks = [];
    private readonly List<Outgoing> outgoing = [];

    public Turn(
        WorkItem item,
        OrchestrationRuntimeState runtime,
        IList<TaskMessage> activities,
        IEnumerable<TaskMessage> messages,
        OrchestrationState? state,
        TimeProvider clock)
    {
        this.item = item;
        this.state = state;
        taken = [.. item.Taken.Select(message => message.Key)];
        before = item.OrchestrationRuntimeState.OrchestrationInstance?.ExecutionId;
        if (state is null)
        {
            return;
        }

        replaces = !ReferenceEquals(runtime, item.OrchestrationRuntimeState);
        events = [.. replaces ? runtime.Events : runtime.NewEvents];
        if (clock != TimeProvider.System)
        {
            Stamp(clock.GetUtcNow().UtcDateTime, activities, messages);
        }

        bodies = Array.ConvertAll(events, happened => (happened.EventType, EventJson.Write(happened)!));
        foreach (var activity in activities)
        {
            tasks.Add((activity, EventJson.Write(activity.Event)!, EventJson.Write(activity.OrchestrationExecutionContext)));
        }

        outgoing.AddRange(messages.Select(Outgoing.Of));
    }

    private Instance Instance => item.Instance;

    /// <summary>False: the turn is of no account, as its instance was purged, replaced or ended meanwhile.</summary>
    public bool Store(Change change, Delivery delivery, InstanceTable table, Activities activities)
    {
        var row = Rows.Find(change.Database, Instance.Id);
        if (!IsCurrent(change.Database, row))
        {
            change.Publish(() => item.IsOver = true);
            return false;
        }

        var ends = false;
        if (state is not null)
        {
            ends = StoreState(change, delivery, row);
        }

        change.Publish(() => table.Completed(item, instance => Publish(instance, ends)));
        if (state is not null)
        {
            foreach (var (message, body, tags) in tasks)
            {
                activities.Add(change, message, body, tags);
            }

            foreach (var message in outgoing)
            {
                Send(change, delivery, message);
            }
        }

        if (ends)
        {
            delivery.PublishEnd(change, state!);
        }

        return true;
    }

    private bool IsCurrent(Database database, Row? row)
    {
        if (row is null ? !Instance.IsEntity || Instance.History.Count > 0 : before is not null && row.Execution != before)
        {
            return false;
        }

        return taken.Sum(key => database.Execute("DELETE FROM messages WHERE key = $1", key)) == taken.Length;
    }

    private bool StoreState(Change change, Delivery delivery, Row? row)
    {
        var database = change.Database;
        state!.LastUpdatedTime = change.Now;
        if (Instance.IsEntity && replaces && state.Input is null)
        {
            // The framework's way to say that the entity is no more.
            if (row is not null)
            {
                Rows.Delete(database, Instance.Id, row.Number);
            }

            return false;
        }

        if (row is null)
        {
            Rows.Insert(database, Instance.Id, events.OfType<ExecutionStartedEvent>().First(), change.Now);
            row = Rows.Find(database, Instance.Id)!;
        }

        if (replaces)
        {
            Rows.DeleteHistory(database, row.Number);
            database.Execute(
                "DELETE FROM messages WHERE instance = $1 AND execution IS NOT NULL AND execution <> $2",
                Instance.Id,
                state.OrchestrationInstance.ExecutionId);
        }

        var position = replaces ? 0 : row.Events;
        Rows.Append(database, row.Number, position, bodies);
        Rows.Update(database, row.Number, state, position + bodies.Length, change.Now, replaces);
        if (!state.OrchestrationStatus.IsEnded())
        {
            return false;
        }

        database.Execute("DELETE FROM messages WHERE instance = $1", Instance.Id);
        if (row.Doomed is { } reason)
        {
            delivery.TerminateChildren(change, Instance.Id, reason);
        }

        return true;
    }

    private bool Publish(Instance instance, bool ends)
    {
        if (ends || state is null)
        {
            return ends;
        }

        var characters = bodies.Sum(body => (long)body.Body.Length);
        if (!replaces)
        {
            instance.Append(events, characters);
        }
        else if (instance.IsEntity && state.Input is null)
        {
            instance.Replace([], 0, string.Empty);
        }
        else
        {
            instance.Replace(events, characters, state.OrchestrationInstance.ExecutionId);
        }

        return false;
    }

    private void Send(Change change, Delivery delivery, Outgoing message)
    {
        if (message.Event is not ExecutionRewoundEvent rewound)
        {
            delivery.Send(change, message);
        }
        else if (message.Target == Instance.Id)
        {
            delivery.Store(change, message);
        }
        else if (!Rewind.TryStart(change, delivery, message.Target, rewound, Instance.Id))
        {
            Fail(change, delivery, message.Target);
        }
    }

    /// <summary>A child that cannot be rewound has failed once more.</summary>
    private void Fail(Change change, Delivery delivery, string child)
    {
        var call = events.OfType<SubOrchestrationInstanceCreatedEvent>().Last(created => created.InstanceId == child);
        var reason = $"The instance '{child}' cannot be rewound: it is not there, has not failed, or is another's.";
        var type = typeof(InvalidOperationException);
        delivery.Send(change, Delivery.ChildFailed(state!.OrchestrationInstance, call.EventId, reason, type, change.Now));
    }

    /// <summary>Events made in this turn carry the machine's time: they get the clock's. Those of messages have it already.</summary>
    private void Stamp(DateTime now, IEnumerable<TaskMessage> activities, IEnumerable<TaskMessage> messages)
    {
        var old = new HashSet<HistoryEvent>(
            Instance.History.Concat(item.Taken.Select(message => message.Task.Event)), ReferenceEqualityComparer.Instance);
        foreach (var happened in events.Concat(activities.Concat(messages).Select(message => message.Event)))
        {
            if (!old.Contains(happened) && (happened is not OrchestratorStartedEvent || replaces))
            {
                happened.Timestamp = now;
            }
        }

        if (state!.OrchestrationStatus.IsEnded())
        {
            state.CompletedTime = now;
        }

        if (replaces && events.OfType<ExecutionStartedEvent>().FirstOrDefault() is { } start)
        {
            state.CreatedTime = start.Timestamp;
        }
    }
}
