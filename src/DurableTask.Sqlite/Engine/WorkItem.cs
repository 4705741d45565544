using System.Collections.ObjectModel;
using DurableTask.Core;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <summary>An instance in the hands of a worker, and its extended session where there is one.</summary>
internal sealed class WorkItem : TaskOrchestrationWorkItem, IOrchestrationSession
{
    private readonly InstanceTable table;
    private readonly TimeSpan idleTimeout;
    private readonly CancellationToken stopping;

    public WorkItem(
        InstanceTable table,
        Instance instance,
        List<HistoryEvent> history,
        List<Message> taken,
        TimeSpan idleTimeout,
        CancellationToken stopping)
    {
        this.table = table;
        this.idleTimeout = idleTimeout;
        this.stopping = stopping;
        Instance = instance;
        InstanceId = instance.Id;
        Taken = taken;
        LockedUntilUtc = DateTime.MaxValue;
        OrchestrationRuntimeState = new OrchestrationRuntimeState(history);
        NewMessages = table.Deliver(this, taken, isNew: history.Count == 0);
        Session = idleTimeout > TimeSpan.Zero ? this : null;
    }

    public Instance Instance { get; }

    /// <summary>The messages of this turn; completion deletes exactly these. Empty between the turns of a session.</summary>
    public List<Message> Taken { get; set; }

    /// <summary>No more turns: the instance has ended, or somebody purged or replaced it meanwhile.</summary>
    public bool IsOver { get; set; }

    /// <summary>Set while the session waits for messages.</summary>
    public TaskCompletionSource<IList<TaskMessage>?>? Waiter { get; set; }

    public async Task<IList<TaskMessage>?> FetchNewOrchestrationMessagesAsync(TaskOrchestrationWorkItem workItem)
    {
        var messages = table.TakeOrWait(this);
        if (!messages.IsCompleted)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            timeout.CancelAfter(idleTimeout);

            // The waiter ends on the thread that stops the worker: the worker then finds its sessions ended when it looks.
            using var registration = timeout.Token.Register(() => table.EndSession(this));
            return await messages.ConfigureAwait(false);
        }

        return await messages.ConfigureAwait(false);
    }

    public void Abandon() => table.Abandon(this);

    public void Release() => table.Release(this);

    public Task EndSessionAsync() => Task.CompletedTask;

    /// <summary>
    /// Messages that put the clock's time into the turn that begins: the dispatcher stamps its OrchestratorStarted event with the machine's
    /// time, and then enumerates the new messages before anybody reads that stamp.
    /// </summary>
    internal sealed class TimedMessages(WorkItem item, TimeProvider clock, IList<TaskMessage> messages)
        : Collection<TaskMessage>(messages), IEnumerable<TaskMessage>
    {
        IEnumerator<TaskMessage> IEnumerable<TaskMessage>.GetEnumerator()
        {
            if (item.OrchestrationRuntimeState.NewEvents is [.., OrchestratorStartedEvent started])
            {
                started.Timestamp = clock.GetUtcNow().UtcDateTime;
            }

            return base.GetEnumerator();
        }
    }
}
