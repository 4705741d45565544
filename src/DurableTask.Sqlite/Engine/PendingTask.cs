using DurableTask.Core;

namespace Chard.DurableTask.Sqlite;

/// <summary>An activity that waits or runs. The message of one that waits long is in the store alone.</summary>
internal sealed class PendingTask(long key, TaskMessage? message)
{
    public long Key => key;

    public TaskMessage? Message { get; set; } = message;

    /// <summary>Characters of the message that count as kept.</summary>
    public int Kept { get; set; }

    public int Abandoned { get; set; }
}

/// <summary>An activity in the hands of a worker.</summary>
internal sealed class ActivityWorkItem : TaskActivityWorkItem
{
    public ActivityWorkItem(PendingTask task, Activities activities)
    {
        Owner = activities;
        Pending = task;
        Id = task.Key.ToString(System.Globalization.CultureInfo.InvariantCulture);
        LockedUntilUtc = DateTime.MaxValue;
        TaskMessage = task.Message;
    }

    public PendingTask Pending { get; }

    public Activities Owner { get; }
}
