namespace Chard.Emulator.DurableTask;

/// <summary>
/// A row of the history table. A message row is written in the sender's transaction and waits for the recipient's turn.
/// A turn row is written when a turn ends: when it was, which events it consumed, what it asked for.
/// A turn refers to message rows by sequence, so a payload is written once and consuming it deletes nothing.
/// </summary>
internal static class HistoryRow
{
    private const byte MessageRow = 1;
    private const byte TurnRow = 2;
    private const byte Reference = 0xff;

    /// <summary>A message's row: valid until the thread's next row.</summary>
    public static ReadOnlySpan<byte> Message(HistoryEvent message)
    {
        var writer = RecordWriter.Shared();
        writer.Byte(MessageRow);
        writer.Event(message);
        return writer.Written;
    }

    /// <summary>A turn's row: valid until the thread's next row.</summary>
    public static ReadOnlySpan<byte> Turn(long ticks, List<HistoryEvent> consumed, List<OrchestratorAction> actions, List<int> cancelledTimers)
    {
        var writer = RecordWriter.Shared();
        writer.Byte(TurnRow);
        writer.Ticks(ticks);
        writer.Integer(consumed.Count);
        foreach (var item in consumed)
        {
            if (item.IsStored)
            {
                writer.Byte(Reference);
                writer.Integer(item.Sequence);
            }
            else
            {
                writer.Event(item);
            }
        }

        writer.Integer(actions.Count);
        foreach (var action in actions)
        {
            writer.Action(action);
        }

        writer.Integer(cancelledTimers.Count);
        foreach (var timer in cancelledTimers)
        {
            writer.Integer(timer);
        }

        return writer.Written;
    }

    /// <summary>Adds a row of an instance, read in order of sequence, to what is known of its past.</summary>
    public static void Read(long sequence, ReadOnlySpan<byte> row, InstanceHistory into)
    {
        var kind = row[0];
        var reader = new RecordReader(row[1..]);
        into.LastSequence = sequence;
        if (kind == MessageRow)
        {
            var message = reader.Event();
            message.Sequence = sequence;
            into.Waiting.Add(sequence, message);
            return;
        }

        var ticks = reader.Ticks();
        var count = (int)reader.Integer();
        var consumed = new List<HistoryEvent>(count);
        for (var i = 0; i < count; i++)
        {
            if (reader.Peek() != Reference)
            {
                consumed.Add(reader.Event());
                continue;
            }

            reader.Byte();
            var reference = reader.Integer();
            if (!into.Waiting.Remove(reference, out var message))
            {
                throw new InvalidDataException($"History is damaged: a turn (row {sequence}) consumed message {reference}, which is not there.");
            }

            consumed.Add(message);
        }

        var actions = new List<OrchestratorAction>();
        for (var left = reader.Integer(); left > 0; left--)
        {
            actions.Add(reader.Action());
        }

        var cancelled = new List<int>();
        for (var left = reader.Integer(); left > 0; left--)
        {
            cancelled.Add((int)reader.Integer());
        }

        into.Turns.Add(new Turn(sequence, ticks, consumed, actions, cancelled));
    }
}

/// <summary>One past turn. The timers that its code gave up are kept so that a restart does not wake for them.</summary>
internal sealed record Turn(long Sequence, long Ticks, List<HistoryEvent> Consumed, List<OrchestratorAction> Actions, List<int> CancelledTimers);

/// <summary>The whole past of an instance's present execution, and what waits for its next turn.</summary>
internal sealed class InstanceHistory
{
    public List<Turn> Turns { get; } = [];

    /// <summary>Messages that no turn has consumed, by sequence.</summary>
    public Dictionary<long, HistoryEvent> Waiting { get; } = [];

    public long LastSequence { get; set; } = -1;

    /// <summary>The waiting messages in order of arrival.</summary>
    public IEnumerable<HistoryEvent> WaitingInOrder() => Waiting.OrderBy(static pair => pair.Key).Select(static pair => pair.Value);
}
