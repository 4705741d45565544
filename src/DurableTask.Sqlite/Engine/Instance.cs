using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <summary>A message that waits for an instance, as the store has it.</summary>
internal sealed record Message(long Key, TaskMessage Task, int Characters)
{
    public string? Execution => Task.OrchestrationInstance.ExecutionId;
}

/// <summary>What memory knows of an instance. All that is mutable is guarded by the lock of the table.</summary>
internal sealed class Instance(string id)
{
    // What an event takes beside its text.
    private const int Overhead = 100;

    public string Id => id;

    public bool IsEntity { get; } = Entities.IsEntityInstance(id);

    /// <summary>Whether history and inbox are here; if not, the store has them.</summary>
    public bool Loaded { get; set; }

    /// <summary>Not loaded, and messages wait for it in the store.</summary>
    public bool HasStored { get; set; }

    /// <summary>Counts how often it was unloaded: what was read from the store before that is not this instance's any more.</summary>
    public int Epoch { get; private set; }

    public List<HistoryEvent> History { get; private set; } = [];

    public List<Message> Inbox { get; private set; } = [];

    /// <summary>Characters of text that it keeps, and how many of them the table has counted.</summary>
    public long Characters { get; private set; }

    public long Counted { get; set; }

    /// <summary>Waits in the queue of ready instances, or for its time to be put there.</summary>
    public bool Queued { get; set; }

    /// <summary>A worker has it, or it is being loaded for one.</summary>
    public bool Locked { get; set; }

    public WorkItem? WorkItem { get; set; }

    /// <summary>How often in a row a worker gave it back undone.</summary>
    public int Abandoned { get; set; }

    /// <summary>Its place among those that wait in memory.</summary>
    public LinkedListNode<Instance>? Place { get; set; }

    /// <summary>A turn needs messages, and a start: events that come before it are held.</summary>
    public bool CanRun =>
        Inbox.Count > 0 && (IsEntity || History.Count > 0 || Inbox.Exists(message => message.Task.Event is ExecutionStartedEvent));

    public void Add(Message message)
    {
        Inbox.Add(message);
        Characters += message.Characters + Overhead;
    }

    /// <summary>Takes what waits, the start first.</summary>
    public List<Message> Take()
    {
        var taken = Inbox;
        Inbox = [];
        Characters -= Measure(taken);
        var start = taken.FindIndex(message => message.Task.Event is ExecutionStartedEvent);
        if (start > 0)
        {
            var message = taken[start];
            taken.RemoveAt(start);
            taken.Insert(0, message);
        }

        return taken;
    }

    public void PutBack(List<Message> taken)
    {
        Inbox.InsertRange(0, taken);
        Characters += Measure(taken);
    }

    public void Append(IEnumerable<HistoryEvent> events, long characters)
    {
        var before = History.Count;
        History.AddRange(events);
        Characters += characters + (Overhead * (History.Count - before));
    }

    /// <summary>A new history in place of the old, and no more messages of other executions.</summary>
    public void Replace(IEnumerable<HistoryEvent> events, long characters, string execution)
    {
        History = [.. events];
        Inbox.RemoveAll(message => !string.IsNullOrEmpty(message.Execution) && message.Execution != execution);
        Characters = characters + (Overhead * History.Count) + Measure(Inbox);
    }

    public void Unload()
    {
        Epoch++;
        Loaded = false;
        HasStored = false;
        History = [];
        Inbox = [];
        Characters = 0;
    }

    private static long Measure(List<Message> messages) => messages.Sum(message => (long)message.Characters + Overhead);
}
