using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// One execution of an orchestrator, alive in memory. Its function is called once and advanced by events in the order of history;
/// built anew from history it comes to the same point. One thread at a time uses it, whichever holds the turn.
/// </summary>
internal sealed partial class OrchestrationRun
{
    [ThreadStatic]
    private static OrchestrationRun? current;

    private readonly RunIdentity identity;
    private readonly RunServices services;
    private readonly Action reportIllegalAwait;
    private readonly OrchestratorSynchronizationContext synchronization;
    private readonly EngineOrchestrationContext context;
    private readonly Dictionary<int, IOpenTask> open = [];
    private readonly Queue<HistoryEvent> held = new();
    private List<OrchestratorAction> asked = [];
    private List<int> cancelledTimers = [];
    private Task<object?>? main;
    private Failure? broken;
    private HistoryEvent? lastEvent;
    private HistoryEvent? suspension;
    private volatile bool leftThread;
    private bool suspended;
    private int nextId;

    public OrchestrationRun(RunIdentity identity, RunServices services, Action reportIllegalAwait)
    {
        this.identity = identity;
        this.services = services;
        this.reportIllegalAwait = reportIllegalAwait;
        Events = new EventInbox(services.Codec);
        synchronization = new OrchestratorSynchronizationContext(this);
        context = new EngineOrchestrationContext(this, identity, services);
    }

    public EventInbox Events { get; }

    public bool IsReplaying { get; private set; }

    public DateTime Now { get; private set; }

    public byte[]? Input { get; private set; }

    public byte[]? CustomStatus { get; set; }

    /// <summary>What ContinueAsNew asked for; regarded when the code has ended well.</summary>
    public ContinueAsNewOptions? Successor { get; set; }

    /// <summary>Answers of entities that the code waits for: they do not hold up completion, but they are something to wait for.</summary>
    public Dictionary<int, IOpenTask> EntityCalls { get; } = [];

    /// <summary>Whether the calling thread runs this execution's turn.</summary>
    public bool HoldsThread => current == this;

    public int NextId() => nextId++;

    /// <summary>The id that the next call will get.</summary>
    public int PeekId() => nextId;

    /// <summary>Plays a past turn and holds the code against what it asked for then.</summary>
    /// <returns>False when the code does otherwise now; the next turn then fails the instance.</returns>
    public bool Replay(Turn turn)
    {
        Enter(turn.Ticks, true);
        try
        {
            foreach (var item in turn.Consumed)
            {
                Apply(item);
            }

            ReleaseLocksAtEnd();
            Match(turn);
            return broken is null;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Runs one turn on new events.</summary>
    public TurnResult Run(long ticks, List<HistoryEvent> mail)
    {
        var consumed = new List<HistoryEvent>(mail.Count);
        Enter(ticks, false);
        try
        {
            foreach (var item in mail)
            {
                if (broken is null && Apply(item))
                {
                    consumed.Add(item);
                }
            }

            ReleaseLocksAtEnd();
            return End(ticks, consumed);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Registers an action and the task that its answer completes.</summary>
    public Task<T> Open<T>(OrchestratorAction action, OpenTask<T> task)
    {
        asked.Add(action);
        open.Add(action.Id, task);
        return task.Task;
    }

    /// <summary>Registers an action that has no answer.</summary>
    public void Send(OrchestratorAction action) => asked.Add(action);

    public void CancelTimer(int id, OpenTask<object?> timer, CancellationToken cancellation)
    {
        if (open.Remove(id))
        {
            cancelledTimers.Add(id);
            timer.TrySetCanceled(cancellation);
        }
    }

    /// <summary>Runs a callback if it comes on the orchestrator's thread; elsewhere it is a fault, and touching the state would be a race.</summary>
    public void OnOrchestratorThread(Action callback)
    {
        if (HoldsThread)
        {
            callback();
        }
        else
        {
            ReportIllegalAwait();
        }
    }

    public void ReportIllegalAwait()
    {
        leftThread = true;
        reportIllegalAwait();
    }

    private void Enter(long ticks, bool replaying)
    {
        IsReplaying = replaying;
        Now = new DateTime(ticks, DateTimeKind.Utc);
        outerContext = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(synchronization);
        current = this;
    }

    private void Exit()
    {
        current = null;
        SynchronizationContext.SetSynchronizationContext(outerContext);
        outerContext = null;
    }

    private SynchronizationContext? outerContext;

    /// <summary>Lets one event work. False when it means nothing any more: a duplicate, or the answer to a cancelled timer.</summary>
    private bool Apply(HistoryEvent item)
    {
        if (suspended && item.Kind is not (EventKind.Resumed or EventKind.IllegalAwait))
        {
            held.Enqueue(item);
            return true;
        }

        switch (item.Kind)
        {
            case EventKind.Suspended:
                suspended = true;
                suspension = item;
                return true;
            case EventKind.Resumed:
                suspended = false;
                while (!suspended && held.TryDequeue(out var waiting))
                {
                    Apply(waiting);
                }

                return true;
            case EventKind.IllegalAwait:
                leftThread = true;
                return false;
            default:
                lastEvent = item;
                return Deliver(item);
        }
    }

    private bool Deliver(HistoryEvent item)
    {
        try
        {
            switch (item.Kind)
            {
                case EventKind.Started:
                    if (main is not null)
                    {
                        return false;
                    }

                    Start(item);
                    break;
                case EventKind.TaskCompleted or EventKind.ChildCompleted or EventKind.TimerFired:
                    if (!open.Remove(item.TaskId, out var completed))
                    {
                        return item.IsStored;
                    }

                    completed.Complete(item.Payload);
                    break;
                case EventKind.TaskFailed or EventKind.ChildFailed:
                    if (!open.Remove(item.TaskId, out var failed))
                    {
                        return item.IsStored;
                    }

                    failed.Fail(item.Failure!);
                    break;
                case EventKind.EventRaised:
                    Events.Deliver(item);
                    break;
                case EventKind.EntityResponded or EventKind.LockGranted:
                    if (EntityCalls.Remove(item.TaskId, out var answered))
                    {
                        answered.Complete(item.Payload);
                    }

                    break;
                case EventKind.EntityFailed:
                    if (EntityCalls.Remove(item.TaskId, out var refused))
                    {
                        refused.Fail(item.Failure!);
                    }

                    break;
            }

            synchronization.Drain();
        }
#pragma warning disable CA1031 // An event whose payload cannot be read fails the instance, whatever the converter throws.
        catch (Exception undeliverable)
#pragma warning restore CA1031
        {
            broken = services.Describe(undeliverable);
        }

        return true;
    }

    private void Start(HistoryEvent started)
    {
        Input = started.Payload;
        if (services.Functions.FindOrchestrator(identity.Name) is { } function)
        {
            main = InvokeAsync(function);
        }
        else
        {
            broken = new Failure(Failure.OrchestratorNotFound, $"No orchestrator task named '{identity.Name}' was found.");
        }
    }

    private void ReleaseLocksAtEnd()
    {
        if (main is { IsCompleted: true })
        {
            context.ReleaseLocks();
        }
    }

    // The await stays on the captured context: code that ends on another thread is seen by the context's Post.
    private async Task<object?> InvokeAsync(OrchestratorFunction function) => await function(context);
}
