using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>What can happen to an instance. The numbers are stored.</summary>
internal enum EventKind : byte
{
    Started = 1,
    TaskCompleted = 2,
    TaskFailed = 3,
    TimerFired = 4,
    ChildCompleted = 5,
    ChildFailed = 6,
    EventRaised = 7,
    Terminated = 8,
    Suspended = 9,
    Resumed = 10,
    EntityResponded = 11,
    EntityFailed = 12,
    LockGranted = 13,

    /// <summary>The orchestrator awaited something that is not durable. Never stored: a replay finds it again.</summary>
    IllegalAwait = 14,

    /// <summary>An entity's messages: an operation, a lock request, a release.</summary>
    EntityOperation = 15,
    EntityLock = 16,
    EntityUnlock = 17,
}

/// <summary>
/// One thing that happened to an instance: as mail while it waits, as history once a turn has consumed it. One class for all kinds, and small:
/// a hundred thousand results are alive at once in a wide fan-out. What few kinds carry is set apart.
/// </summary>
internal sealed class HistoryEvent(EventKind kind)
{
    /// <summary>The sequence of an event that has no row of its own: it is durable once the turn that consumed it is.</summary>
    public const long NotStored = -1;

    private Details? details;

    public EventKind Kind { get; } = kind;

    /// <summary>The call that is answered; -1 when none is.</summary>
    public int TaskId { get; init; } = -1;

    /// <summary>The row that holds the event, or <see cref="NotStored"/>.</summary>
    public long Sequence { get; set; } = NotStored;

    /// <summary>UTF-8 of the JSON; null for no value.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>An event's or operation's name, the reason of a suspension, the id of a lock.</summary>
    public string? Name
    {
        get => details?.Name;
        init => Set(value, static (into, text) => into.Name = text);
    }

    public Failure? Failure
    {
        get => details?.Failure;
        init => Set(value, static (into, failure) => into.Failure = failure);
    }

    /// <summary>Who sent it: an instance id, with <see cref="Correlation"/> to answer by.</summary>
    public string? Sender
    {
        get => details?.Sender;
        init => Set(value, static (into, text) => into.Sender = text);
    }

    public string? Correlation
    {
        get => details?.Correlation;
        init => Set(value, static (into, text) => into.Correlation = text);
    }

    /// <summary>When an entity's operation is due, in UTC ticks; 0 for at once. Of a lock request its step.</summary>
    public long Ticks
    {
        get => details?.Ticks ?? 0;
        init => Set(value, static (into, ticks) => into.Ticks = ticks);
    }

    /// <summary>Of a termination: whether the sub-orchestrations end too.</summary>
    public bool IsRecursive => Ticks != 0;

    public bool IsStored => Sequence != NotStored;

    public static HistoryEvent Completed(int taskId, byte[]? result) => new(EventKind.TaskCompleted) { TaskId = taskId, Payload = result };

    public static HistoryEvent Failed(int taskId, Failure failure) => new(EventKind.TaskFailed) { TaskId = taskId, Failure = failure };

    public static HistoryEvent Fired(int taskId) => new(EventKind.TimerFired) { TaskId = taskId };

    public static HistoryEvent Terminate(byte[]? output, bool recursive) => new(EventKind.Terminated) { Payload = output, Ticks = recursive ? 1 : 0 };

    /// <summary>The event as an error message names it.</summary>
    public override string ToString() => TaskId >= 0 ? $"{Kind} #{TaskId}" : Name is null ? Kind.ToString() : $"{Kind} '{Name}'";

    private void Set<T>(T value, Action<Details, T> set)
    {
        if (!EqualityComparer<T>.Default.Equals(value, default))
        {
            set(details ??= new Details(), value);
        }
    }

    private sealed class Details
    {
        public string? Name { get; set; }

        public Failure? Failure { get; set; }

        public string? Sender { get; set; }

        public string? Correlation { get; set; }

        public long Ticks { get; set; }
    }
}

/// <summary>A failure as the engine keeps it. <see cref="Details"/> is null for a terminated child.</summary>
internal sealed record Failure(TaskFailureDetails? Details)
{
    public const string ActivityNotFound = "ActivityTaskNotFound";
    public const string OrchestratorNotFound = "OrchestratorTaskNotFound";
    public const string EntityNotFound = "EntityTaskNotFound";

    public Failure(string type, string message)
        : this(new TaskFailureDetails(type, message, null, null, null))
    {
    }

    /// <summary>Trying again cannot help, so retry policies and handlers are not asked.</summary>
    public static bool IsNonRetriable(TaskFailureDetails? details) => details?.ErrorType is ActivityNotFound or OrchestratorNotFound or "VersionMismatch";
}
