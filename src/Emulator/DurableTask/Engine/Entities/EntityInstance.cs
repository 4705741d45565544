using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// An entity: its operations run one after another, each all or nothing. It keeps no history but its state and the messages it
/// has not worked off. While it is locked, only its owner's operations run; the others wait in their order.
/// </summary>
internal sealed class EntityInstance : Instance
{
    private readonly List<HistoryEvent> waiting = [];
    private readonly HashSet<HistoryEvent> putOff = [];
    private InstanceRow? visible;

    public EntityInstance(EngineRuntime runtime, InstanceRow row)
        : base(runtime, row.Key, row.Id) => Row = row;

    /// <summary>The entity as the open transaction has it: <see cref="InstanceRow.Output"/> is the state. The committer writes it.</summary>
    public InstanceRow Row { get; set; }

    /// <summary>The entity as clients may see it: as of the last commit.</summary>
    public InstanceRow? Visible => Volatile.Read(ref visible);

    /// <summary>Messages not yet worked off.</summary>
    public int Backlog => waiting.Count;

    /// <summary>Lets clients see what has been committed.</summary>
    public void Publish() => Volatile.Write(ref visible, Row);

    protected override async ValueTask RunTurnAsync(List<HistoryEvent> mail)
    {
        try
        {
            waiting.AddRange(mail.Where(static item => item.Kind != EventKind.IllegalAwait));
            var turn = new EntityTurn(Runtime, Row);
            await turn.RunAsync(waiting).ConfigureAwait(false);
            putOff.ExceptWith(turn.Consumed);
            foreach (var delayed in turn.Delayed)
            {
                if (putOff.Add(delayed))
                {
                    Runtime.Timers.Add(new SignalEntry(this, delayed.Ticks));
                }
            }

            if (turn.Consumed.Count == 0)
            {
                EndTurn();
                return;
            }

            waiting.RemoveAll(turn.Consumed.Contains);
            Runtime.Committer.Enqueue(new EntityCommit(Runtime, this, turn));
        }
#pragma warning disable CA1031 // An entity that cannot run its turn keeps its messages; the log says why.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            if (!Runtime.IsDead)
            {
                Runtime.Logger.LogError(broken, "Entity {EntityId} cannot work off its messages.", Id);
            }

            EndTurn();
        }
    }

    /// <summary>Wakes the entity for a signal that was put off.</summary>
    private sealed class SignalEntry(EntityInstance owner, long ticks) : DueEntry(ticks)
    {
        public override bool IsDropped => owner.IsGone;

        // Not a message: it only makes the entity look at what it has.
        public override void Fire() => owner.Post(new HistoryEvent(EventKind.IllegalAwait));
    }
}
