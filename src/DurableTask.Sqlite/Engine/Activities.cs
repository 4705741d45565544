using System.Threading.Channels;
using DurableTask.Core;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <summary>The activities that wait or run.</summary>
internal sealed class Activities(Action idle)
{
    // Beyond so many characters, the message of a waiting activity is left to the store, which costs a read when it is its turn.
    private const long MaxKept = 16_000_000;

    private readonly Channel<PendingTask> queue = Channel.CreateUnbounded<PendingTask>();
    private long kept;
    private int busy;

    public ChannelReader<PendingTask> Queue => queue.Reader;

    /// <summary>None waits and none runs.</summary>
    public bool IsIdle => Volatile.Read(ref busy) == 0;

    public void Add(Change change, TaskMessage message, string body, string? tags)
    {
        var key = change.NextKey();
        change.Database.Execute(
            "INSERT INTO tasks (key, instance, execution, tags, body) VALUES ($1, $2, $3, $4, $5)",
            key,
            message.OrchestrationInstance.InstanceId,
            message.OrchestrationInstance.ExecutionId,
            tags,
            body);
        change.Publish(() => Add(key, message, body.Length));
    }

    public void Add(long key, TaskMessage? message = null, int characters = 0)
    {
        Interlocked.Increment(ref busy);
        if (Interlocked.Add(ref kept, characters) > MaxKept)
        {
            Interlocked.Add(ref kept, -characters);
            (message, characters) = (null, 0);
        }

        queue.Writer.TryWrite(new PendingTask(key, message) { Kept = characters });
    }

    /// <summary>A worker takes one: what is kept of it is the worker's now.</summary>
    public void Taken(PendingTask task)
    {
        Interlocked.Add(ref kept, -task.Kept);
        task.Kept = 0;
    }

    /// <summary>One comes back undone, after a while if it does so time after time.</summary>
    public void Return(PendingTask task)
    {
        task.Abandoned++;
        Backoff.After(task.Abandoned, () => queue.Writer.TryWrite(task));
    }

    public void Done()
    {
        if (Interlocked.Decrement(ref busy) == 0)
        {
            idle();
        }
    }

    /// <summary>The message of a stored activity; null when it is not there any more.</summary>
    public static TaskMessage? Read(Database database, long key) => database.Query(
        "SELECT instance, execution, tags, body FROM tasks WHERE key = $1",
        row => new TaskMessage
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = row.GetString(0), ExecutionId = Rows.Text(row, 1) },
            OrchestrationExecutionContext = EventJson.ReadContext(Rows.Text(row, 2)),
            Event = EventJson.Read((long)EventType.TaskScheduled, row.GetString(3)),
        },
        key).FirstOrDefault();
}
