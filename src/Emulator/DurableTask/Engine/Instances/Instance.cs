namespace Chard.Emulator.DurableTask;

/// <summary>
/// An unfinished instance: its mailbox, and whether it is at rest, waits for a worker, or is in a turn. At most one turn at a time,
/// from taking the mail until its commit: what comes meanwhile is taken together by the next turn.
/// </summary>
internal abstract class Instance(EngineRuntime runtime, long key, string id)
{
    private List<HistoryEvent> mailbox = [];
    private State state;

    private enum State
    {
        Idle,
        Queued,
        InTurn,
        Gone,
    }

    public long Key => key;

    public string Id => id;

    /// <summary>The sequence of the next row; the committer's own.</summary>
    public long NextSequence { get; set; }

    /// <summary>Rows of messages that no turn has consumed; the committer's own.</summary>
    public HashSet<long> Unconsumed { get; } = [];

    /// <summary>Finished, purged or replaced: mail is dropped, and a turn under way has no effect.</summary>
    public bool IsGone => state == State.Gone;

    /// <summary>Whether memory knows something that the history does not: results of activities, or a turn under way.</summary>
    public bool HasUnstoredWork
    {
        get
        {
            lock (Gate)
            {
                return state is State.Queued or State.InTurn || (state == State.Idle && mailbox.Exists(static item => !item.IsStored) && IsReady(mailbox));
            }
        }
    }

    protected EngineRuntime Runtime => runtime;

    protected Lock Gate { get; } = new();

    protected bool IsIdle => state == State.Idle;

    /// <summary>Whether mail may start a turn now.</summary>
    protected virtual bool IsReady(List<HistoryEvent> mail) => true;

    /// <summary>Runs one turn on the mail and hands it to the committer, or calls <see cref="EndTurn"/>.</summary>
    protected abstract ValueTask RunTurnAsync(List<HistoryEvent> mail);

    /// <summary>Gives mail to the instance and wakes it.</summary>
    public void Post(HistoryEvent mail)
    {
        lock (Gate)
        {
            if (state == State.Gone)
            {
                return;
            }

            mailbox.Add(mail);
            if (!TryQueue())
            {
                return;
            }
        }

        runtime.Turns.Enqueue(this);
    }

    /// <summary>Mail found in history at start: it does not wake the instance yet.</summary>
    public void Restore(IEnumerable<HistoryEvent> mail) => mailbox.AddRange(mail);

    /// <summary>Starts a turn if there is mail and nothing forbids it any more.</summary>
    public void Wake()
    {
        lock (Gate)
        {
            if (!TryQueue())
            {
                return;
            }
        }

        runtime.Turns.Enqueue(this);
    }

    /// <summary>A worker's call: takes the mail and runs the turn.</summary>
    public ValueTask TakeTurnAsync()
    {
        List<HistoryEvent> mail;
        lock (Gate)
        {
            if (state == State.Gone)
            {
                runtime.Idle.Exit();
                return ValueTask.CompletedTask;
            }

            if (runtime.IsDraining && !mailbox.Exists(static item => !item.IsStored))
            {
                // Everything in the mail is in the history: the next engine takes it. Results of activities are not.
                state = State.Idle;
                runtime.Idle.Exit();
                return ValueTask.CompletedTask;
            }

            mail = mailbox;
            mailbox = [];
            state = State.InTurn;
        }

        return RunTurnAsync(mail);
    }

    /// <summary>The turn has been committed, or had nothing to commit.</summary>
    public void EndTurn()
    {
        var again = false;
        lock (Gate)
        {
            if (state != State.Gone)
            {
                state = State.Idle;
                AtRest();
                again = TryQueue();
            }
        }

        if (again)
        {
            runtime.Turns.Enqueue(this);
        }

        runtime.Idle.Exit();
    }

    /// <summary>Ends the instance in memory; history has ended it already.</summary>
    public void Leave()
    {
        lock (Gate)
        {
            // A queued turn finds the state and ends; one under way ends through EndTurn.
            state = State.Gone;
            mailbox = [];
            AtRest();
        }
    }

    /// <summary>Called under the gate when no turn runs any more.</summary>
    protected virtual void AtRest()
    {
    }

    /// <summary>Drops mail of an execution that is over, and puts what the next one inherits before the rest. Called under the gate.</summary>
    protected void BeginMailbox(IEnumerable<HistoryEvent> inherited)
    {
        mailbox.RemoveAll(static item => !item.IsStored);
        mailbox.InsertRange(0, inherited);
    }

    private bool TryQueue()
    {
        if (state != State.Idle || mailbox.Count == 0 || !IsReady(mailbox))
        {
            return false;
        }

        state = State.Queued;
        runtime.Idle.Enter();
        return true;
    }
}
