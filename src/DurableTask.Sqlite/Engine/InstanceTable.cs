using System.Threading.Channels;
using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <summary>The instances in memory: which are ready for a worker, which a worker has, and which stay for their next turn.</summary>
internal sealed class InstanceTable(SqliteStorageOptions options, Action idle)
{
    private readonly Dictionary<string, Instance> instances = new(StringComparer.Ordinal);
    private readonly Channel<Instance> orchestrations = Channel.CreateUnbounded<Instance>();
    private readonly Channel<Instance> entities = Channel.CreateUnbounded<Instance>();
    private readonly bool isTimed = options.Clock != TimeProvider.System;
    private readonly ParkedInstances parked = new(options.MaxCachedCharacters);
    private bool separatesEntities = true;
    private bool endsSessions;
    private int busy;

    public Lock Gate { get; } = new();

    /// <summary>Entities have a queue of their own. Those that wait already move when this changes to false.</summary>
    public bool SeparatesEntities
    {
        get => separatesEntities;
        set
        {
            lock (Gate)
            {
                separatesEntities = value;
                while (!value && entities.Reader.TryRead(out var entity))
                {
                    orchestrations.Writer.TryWrite(entity);
                }
            }
        }
    }

    public ChannelReader<Instance> Orchestrations => orchestrations.Reader;

    public ChannelReader<Instance> EntityQueue => entities.Reader;

    /// <summary>No instance is ready, or runs; one whose session waits does neither.</summary>
    public bool IsIdle => Volatile.Read(ref busy) == 0;

    /// <summary>Instances that memory holds with their history.</summary>
    public int LoadedCount
    {
        get
        {
            lock (Gate)
            {
                return instances.Values.Count(instance => instance.Loaded);
            }
        }
    }

    /// <summary>A message was stored. It is made only for an instance that memory holds; else the store has it.</summary>
    public void Arrived(string id, Func<Message> message)
    {
        var instance = Get(id);
        if (instance.Loaded)
        {
            instance.Add(message());
            parked.Count(instance);
        }

        Ready(instance);
    }

    /// <summary>An instance was made, or made anew. Null: what waits for it is in the store alone.</summary>
    public void Created(string id, Message? start)
    {
        Removed(id);
        var instance = Get(id);
        if (start is not null && parked.HasRoom)
        {
            instance.Loaded = true;
            instance.Add(start);
            parked.Count(instance);
        }

        Ready(instance);
    }

    /// <summary>A turn was stored: the change says whether it was the last.</summary>
    public void Completed(WorkItem item, Func<Instance, bool> change)
    {
        var instance = item.Instance;
        instance.Abandoned = 0;
        item.Taken = [];
        if (!item.IsOver && change(instance))
        {
            item.IsOver = true;
            instance.Unload();
        }

        parked.Count(instance);
    }

    /// <summary>What memory holds of an instance is not so any more: it was purged, replaced or ended from outside.</summary>
    public void Removed(string id, bool hasMessages = false)
    {
        if (instances.TryGetValue(id, out var instance))
        {
            instance.Unload();
            parked.Count(instance);
            if (instance.WorkItem is { } item)
            {
                item.IsOver = true;
                StopWaiting(item, null);
            }

            if (hasMessages)
            {
                Ready(instance);
            }
            else if (!instance.Locked && !instance.Queued)
            {
                Forget(instance);
            }
        }
    }

    /// <summary>Marks a ready instance as taken. False: it is taken already.</summary>
    public bool TryLock(Instance instance)
    {
        lock (Gate)
        {
            instance.Queued = false;
            if (instance.Locked)
            {
                Busy(-1);
                return false;
            }

            instance.Locked = true;
            return true;
        }
    }

    /// <summary>
    /// A locked instance is being read from the store; messages come by <see cref="Arrived"/> from now on. Returns the epoch that <see
    /// cref="Fill"/> wants.
    /// </summary>
    public static int Loading(Instance instance)
    {
        instance.Loaded = true;
        instance.HasStored = false;
        return instance.Epoch;
    }

    /// <summary>What was read of a locked instance: its history, and the messages before those that have arrived since.</summary>
    public void Fill(Instance instance, int epoch, IEnumerable<HistoryEvent> history, long historyCharacters, List<Message> messages)
    {
        lock (Gate)
        {
            if (instance.Epoch == epoch)
            {
                instance.PutBack(messages);
                instance.Append(history, historyCharacters);
                parked.Count(instance);
            }
        }
    }

    /// <summary>The work item of a locked instance; null: it has nothing to do, and is not locked any more.</summary>
    public WorkItem? Begin(Instance instance, CancellationToken stopping)
    {
        List<Message> taken;
        List<HistoryEvent> history;
        lock (Gate)
        {
            if (!instance.Loaded || !instance.CanRun)
            {
                Unlock(instance);
                return null;
            }

            taken = instance.Take();
            history = instance.History;
            parked.Count(instance);
        }

        var item = new WorkItem(this, instance, history, taken, options.ExtendedSessionIdleTimeout, stopping);
        lock (Gate)
        {
            instance.WorkItem = item;
        }

        return item;
    }

    /// <summary>Gives up a lock before there was a work item.</summary>
    public void GiveUp(Instance instance)
    {
        lock (Gate)
        {
            instance.Abandoned++;
            Unlock(instance);
        }
    }

    /// <summary>The messages as the dispatcher gets them.</summary>
    public IList<TaskMessage> Deliver(WorkItem item, List<Message> taken, bool isNew)
    {
        IList<TaskMessage> messages = taken.ConvertAll(message => message.Task);
        if (isNew)
        {
            Entities.AutoStart(item.InstanceId, messages);
        }

        return isTimed ? new WorkItem.TimedMessages(item, options.Clock, messages) : messages;
    }

    /// <summary>The next messages of a session, null at its end.</summary>
    public Task<IList<TaskMessage>?> TakeOrWait(WorkItem item)
    {
        lock (Gate)
        {
            if (item.IsOver || endsSessions)
            {
                return Task.FromResult<IList<TaskMessage>?>(null);
            }

            if (item.Instance.CanRun)
            {
                return Task.FromResult<IList<TaskMessage>?>(TakeNext(item));
            }

            item.Waiter = new TaskCompletionSource<IList<TaskMessage>?>();
            Busy(-1);
            return item.Waiter.Task;
        }
    }

    /// <summary>Ends the wait of a session, on the caller's thread.</summary>
    public void EndSession(WorkItem item)
    {
        TaskCompletionSource<IList<TaskMessage>?>? waiter;
        lock (Gate)
        {
            waiter = TakeWaiter(item);
        }

        waiter?.TrySetResult(null);
    }

    /// <summary>Ends every session between two turns, now and from now on.</summary>
    public void EndSessions()
    {
        lock (Gate)
        {
            endsSessions = true;
            foreach (var instance in instances.Values)
            {
                if (instance.WorkItem is { } item)
                {
                    StopWaiting(item, null);
                }
            }
        }
    }

    /// <summary>The worker gives back what it did not complete: it waits again, after a while if it comes back time after time.</summary>
    public void Abandon(WorkItem item)
    {
        lock (Gate)
        {
            if (!item.IsOver && item.Taken.Count > 0)
            {
                item.Instance.PutBack(item.Taken);
                item.Taken = [];
                item.Instance.Abandoned++;
                parked.Count(item.Instance);
            }
        }
    }

    public void Release(WorkItem item)
    {
        lock (Gate)
        {
            if (item.Instance.WorkItem == item)
            {
                item.Instance.WorkItem = null;
                Unlock(item.Instance);
            }
        }
    }

    /// <summary>The state of the turn that runs, if one does.</summary>
    public OrchestrationRuntimeState? Running(string id)
    {
        lock (Gate)
        {
            return instances.TryGetValue(id, out var instance) ? instance.WorkItem?.OrchestrationRuntimeState : null;
        }
    }

    private void Unlock(Instance instance)
    {
        instance.Locked = false;
        if (instance.Loaded ? instance.CanRun : instance.HasStored)
        {
            Ready(instance);
        }
        else
        {
            Park(instance);
        }

        Busy(-1);
    }

    private void Ready(Instance instance)
    {
        parked.Remove(instance);
        instance.HasStored |= !instance.Loaded;
        if (instance.Locked)
        {
            if (instance.WorkItem is { Waiter: not null } item && instance.CanRun)
            {
                StopWaiting(item, TakeNext(item));
            }
        }
        else if (!instance.Queued)
        {
            instance.Queued = true;
            Busy(1);
            Backoff.After(instance.Abandoned, () => Queue(instance).TryWrite(instance));
        }
    }

    private IList<TaskMessage> TakeNext(WorkItem item)
    {
        item.Taken = item.Instance.Take();
        parked.Count(item.Instance);
        return Deliver(item, item.Taken, isNew: false);
    }

    private void StopWaiting(WorkItem item, IList<TaskMessage>? messages)
    {
        if (TakeWaiter(item) is { } waiter)
        {
            _ = Task.Run(() => waiter.TrySetResult(messages));
        }
    }

    private TaskCompletionSource<IList<TaskMessage>?>? TakeWaiter(WorkItem item)
    {
        var waiter = item.Waiter;
        item.Waiter = null;
        if (waiter is not null)
        {
            Busy(1);
        }

        return waiter;
    }

    private ChannelWriter<Instance> Queue(Instance instance) =>
        instance.IsEntity && SeparatesEntities ? entities.Writer : orchestrations.Writer;

    /// <summary>Keeps an instance that waits in memory, and lets those go that have waited longest.</summary>
    private void Park(Instance instance)
    {
        parked.Add(instance);
        if (!instance.Loaded || (instance.History.Count == 0 && instance.Inbox.Count == 0))
        {
            Forget(instance);
        }

        while (parked.Oldest is { } oldest)
        {
            Forget(oldest);
        }
    }

    private void Forget(Instance instance)
    {
        parked.Remove(instance);
        instance.Unload();
        parked.Count(instance);
        instances.Remove(instance.Id);
    }

    private Instance Get(string id)
    {
        if (!instances.TryGetValue(id, out var instance))
        {
            instances[id] = instance = new Instance(id);
        }

        return instance;
    }

    private void Busy(int change)
    {
        if (Interlocked.Add(ref busy, change) == 0)
        {
            idle();
        }
    }
}
