using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>An unfinished orchestration.</summary>
internal sealed class OrchestrationInstance : Instance
{
    private readonly Dictionary<int, TimerEntry> timers = [];
    private InstanceRow? visible;
    private OrchestrationRun? live;

    public OrchestrationInstance(EngineRuntime runtime, InstanceRow row)
        : base(runtime, row.Key, row.Id) => Row = row;

    /// <summary>The instance as the open transaction has it, without its input. The committer writes it.</summary>
    public InstanceRow Row { get; set; }

    /// <summary>The instance as clients may see it: as of the last commit. Null before the start is durable.</summary>
    public InstanceRow? Visible => Volatile.Read(ref visible);

    public long Execution => Row.Execution;

    /// <summary>This execution, for those that answer to it.</summary>
    public string Reference => $"{Key}.{Execution}";

    /// <summary>Whether code is alive in memory, and since which turn: the cache drops the oldest.</summary>
    public bool IsCached => live is not null;

    public long LastTurn { get; private set; }

    public byte[]? KnownInput => live?.Input;

    /// <summary>Lets clients see what has been committed.</summary>
    public void Publish() => Volatile.Write(ref visible, Row);

    /// <summary>An answer for one execution; for another it is dropped.</summary>
    public void Post(HistoryEvent answer, long execution)
    {
        if (execution == Execution)
        {
            Post(answer);
        }
    }

    public void AddTimer(int id, long ticks)
    {
        var entry = new TimerEntry(this, Execution, id, ticks);
        if (ticks <= Runtime.Now)
        {
            entry.Fire();
            return;
        }

        lock (Gate)
        {
            timers[id] = entry;
        }

        Runtime.Timers.Add(entry);
    }

    public void DropTimer(int id)
    {
        lock (Gate)
        {
            if (timers.Remove(id, out var entry))
            {
                entry.Drop();
            }
        }
    }

    /// <summary>Begins the next execution in memory: the old code, its timers and its late answers go.</summary>
    public void ContinueAsNew(IEnumerable<HistoryEvent> inherited)
    {
        lock (Gate)
        {
            BeginMailbox(inherited);
            Keep(null);
            DropTimers();
        }
    }

    /// <summary>Drops the live code if no turn needs it now; the next turn replays.</summary>
    public bool TryEvict()
    {
        lock (Gate)
        {
            if (!IsIdle || live is null)
            {
                return false;
            }

            Keep(null);
            return true;
        }
    }

    protected override bool IsReady(List<HistoryEvent> mail) =>
        Row.DueTicks is not { } due || due <= Runtime.Now || mail.Exists(static item => item.Kind == EventKind.Terminated);

    protected override ValueTask RunTurnAsync(List<HistoryEvent> mail)
    {
        var ticks = Runtime.Now;
        LastTurn = Environment.TickCount64;
        if (mail.Find(static item => item.Kind == EventKind.Terminated) is { } terminated)
        {
            Runtime.Committer.Enqueue(TurnCommit.Terminate(Runtime, this, ticks, mail, terminated));
            return ValueTask.CompletedTask;
        }

        TurnResult result;
        byte[]? input = null;
        try
        {
            var run = live ?? Rebuild();
            result = run.Run(ticks, mail);
            input = run.Input;
            lock (Gate)
            {
                Keep(IsGone || Runtime.Options.ForceReplay ? null : run);
            }
        }
#pragma warning disable CA1031 // A history that cannot be read must end this instance with a reason, not the engine.
        catch (Exception broken) when (!Runtime.IsDead)
#pragma warning restore CA1031
        {
            result = OrchestrationRun.Unrunnable(Runtime.Services, ticks, mail, Row.CustomStatus, broken);
        }
        catch (Exception) when (Runtime.IsDead)
        {
            // The engine crashed under the turn; there is no history to read any more.
            EndTurn();
            return ValueTask.CompletedTask;
        }

        if (result.Consumed.Count == 0 && result.Actions.Count == 0 && result.Outcome == TurnOutcome.Waiting)
        {
            EndTurn();
            return ValueTask.CompletedTask;
        }

        Runtime.Committer.Enqueue(new TurnCommit(Runtime, this, result, input));
        return ValueTask.CompletedTask;
    }

    protected override void AtRest()
    {
        if (IsGone)
        {
            Keep(null);
            DropTimers();
        }
    }

    private void Keep(OrchestrationRun? run)
    {
        var change = (run is null ? 0 : 1) - (live is null ? 0 : 1);
        live = run;
        if (change != 0)
        {
            Runtime.Cache.Count(change);
        }
    }

    private void DropTimers()
    {
        foreach (var entry in timers.Values)
        {
            entry.Drop();
        }

        timers.Clear();
    }

    private OrchestrationRun Rebuild()
    {
        var state = Row;
        var parent = state.Parent is { } call ? new ParentOrchestrationInstance(call.Name, call.InstanceId) : null;
        var fresh = new OrchestrationRun(
            new RunIdentity(state.Id, state.Name, state.Version, parent, Reference),
            Runtime.Services,
            () => Post(new HistoryEvent(EventKind.IllegalAwait)));

        // A first turn has no past: no need to ask the history.
        if (state.Status != OrchestrationRuntimeStatus.Pending)
        {
            foreach (var turn in Runtime.Store.Reader.Load(Key).Turns)
            {
                if (!fresh.Replay(turn))
                {
                    break;
                }
            }
        }

        return fresh;
    }

    private sealed class TimerEntry(OrchestrationInstance owner, long execution, int id, long ticks) : DueEntry(ticks)
    {
        private volatile bool dropped;

        public override bool IsDropped => dropped;

        public void Drop()
        {
            dropped = true;
            owner.Runtime.Timers.NoteDropped();
        }

        public override void Fire()
        {
            lock (owner.Gate)
            {
                owner.timers.Remove(id);
            }

            owner.Post(HistoryEvent.Fired(id), execution);
        }
    }
}
