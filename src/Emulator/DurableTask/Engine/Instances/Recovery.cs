using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// Brings unfinished instances back from history. Pending work is what history says was asked for and not answered; code is not run
/// before an instance has mail.
/// </summary>
internal static class Recovery
{
    public static void Load(EngineRuntime runtime)
    {
        runtime.Instances.StartKeysAfter(runtime.Store.Reader.LastKey());
        var rows = runtime.Store.Reader.Unfinished();
        var activities = new List<ActivityWork>();

        // All are in the table before any of them runs: their messages must find each other.
        var found = new List<Instance>(rows.Count);
        foreach (var row in rows)
        {
            var history = runtime.Store.Reader.Load(row.Key);
            if (row.IsEntity)
            {
                found.Add(Entity(runtime, row, history));
                continue;
            }

            var instance = Create(runtime, row, history);
            Resume(runtime, instance, history, activities);
            found.Add(instance);
        }

        if (activities.Count > 0)
        {
            runtime.Activities.Enqueue(activities);
        }

        foreach (var instance in found)
        {
            instance.Wake();
        }
    }

    /// <summary>Puts an orchestration into the table, with its mail. It does not run yet.</summary>
    public static OrchestrationInstance Create(EngineRuntime runtime, InstanceRow row, InstanceHistory history)
    {
        var hasRun = history.Turns.Count > 0;
        var instance = new OrchestrationInstance(runtime, row with
        {
            Status = row.Status == OrchestrationRuntimeStatus.Pending && hasRun ? OrchestrationRuntimeStatus.Running : row.Status,
            UpdatedTicks = hasRun ? Math.Max(row.UpdatedTicks, history.Turns[^1].Ticks) : row.UpdatedTicks,
        });
        Restore(runtime, instance, history);
        return instance;
    }

    /// <summary>Sets its timers again, and gathers the activities that are pending.</summary>
    public static void Resume(EngineRuntime runtime, OrchestrationInstance instance, InstanceHistory history, List<ActivityWork> activities)
    {
        instance.Publish();
        if (instance.Row.DueTicks is { } due && history.Turns.Count == 0)
        {
            runtime.Timers.Add(new StartEntry(instance, due));
        }

        foreach (var action in Pending(history))
        {
            if (action is TimerAction timer)
            {
                instance.AddTimer(timer.Id, timer.DueTicks);
            }
            else
            {
                activities.Add(new ActivityWork(instance, instance.Execution, action));
            }
        }
    }

    private static EntityInstance Entity(EngineRuntime runtime, InstanceRow row, InstanceHistory history)
    {
        var entity = new EntityInstance(runtime, row);
        Restore(runtime, entity, history);
        entity.Publish();
        return entity;
    }

    private static void Restore(EngineRuntime runtime, Instance instance, InstanceHistory history)
    {
        instance.NextSequence = history.LastSequence + 1;
        instance.Unconsumed.UnionWith(history.Waiting.Keys);
        instance.Restore(history.WaitingInOrder());
        runtime.Instances.Add(instance);
    }

    private static SortedDictionary<int, OrchestratorAction>.ValueCollection Pending(InstanceHistory history)
    {
        var pending = new SortedDictionary<int, OrchestratorAction>();
        foreach (var turn in history.Turns)
        {
            foreach (var item in turn.Consumed)
            {
                if (item.Kind is EventKind.TaskCompleted or EventKind.TaskFailed or EventKind.TimerFired)
                {
                    pending.Remove(item.TaskId);
                }
            }

            foreach (var action in turn.Actions)
            {
                if (action.Kind is ActionKind.CallActivity or ActionKind.CreateTimer)
                {
                    pending.Add(action.Id, action);
                }
            }

            turn.CancelledTimers.ForEach(id => pending.Remove(id));
        }

        // A rewind leaves results as mail.
        foreach (var item in history.Waiting.Values)
        {
            pending.Remove(item.TaskId);
        }

        return pending.Values;
    }
}
