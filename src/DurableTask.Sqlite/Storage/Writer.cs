using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// The one thread that owns the store. What waits is stored in one transaction, one commit; then memory is told, in order, and then the
/// callers. A change that throws before it wrote anything fails alone; after any other error the group is undone and each of its changes is
/// made by itself.
/// </summary>
internal sealed class Writer
{
    private const int MaxGroup = 256;

    // How long changes that must not be given up wait for room on the disk before they are tried again.
    private static readonly TimeSpan FullRetry = TimeSpan.FromMilliseconds(500);

    private readonly BlockingCollection<Job> jobs = [];
    private readonly SqliteStorageOptions options;
    private readonly Lock gate;
    private readonly ILogger logger;
    private readonly Thread thread;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? dead;
    private long lastKey;
    private int waiting;

    public Writer(SqliteStorageOptions options, Lock gate, ILogger logger)
    {
        this.options = options;
        this.gate = gate;
        this.logger = logger;
        Database = Database.Open(options, Schema.Scripts);
        lastKey = Database.Scalar<long>(
            "SELECT max((SELECT coalesce(max(key), 0) FROM messages), (SELECT coalesce(max(key), 0) FROM tasks))");
        thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
    }

    public Database Database { get; }

    /// <summary>Runs on the writer's thread after each group that wrote something, before its callers are told.</summary>
    public Action Written { get; set; } = () => { };

    /// <summary>Runs when nothing waits any more.</summary>
    public Action Idle { get; set; } = () => { };

    /// <summary>Runs when the thread has ended before it was asked to.</summary>
    public Action<Exception> Died { get; set; } = _ => { };

    /// <summary>Nothing will be stored any more.</summary>
    public bool IsDead => Volatile.Read(ref dead) is not null;

    public bool IsIdle => Volatile.Read(ref waiting) == 0;

    public void Start() => thread.Start();

    public long NextKey() => ++lastKey;

    /// <summary>
    /// Makes a change. A lasting one waits, when the disk is full, until there is room; another then fails with SqliteStorageException.
    /// </summary>
    public Task<T> ChangeAsync<T>(Func<Change, T> make, bool lasting = false)
    {
        var job = new Job<T>(make, lasting);
        Interlocked.Increment(ref waiting);
        try
        {
            jobs.Add(job);
        }
        catch (InvalidOperationException)
        {
            Interlocked.Decrement(ref waiting);
            job.Fail(Volatile.Read(ref dead) ?? new ObjectDisposedException(nameof(SqliteOrchestrationService)));
        }

        return job.Task;
    }

    /// <summary>Makes the changes that wait, then lets go of the store.</summary>
    public Task StopAsync()
    {
        jobs.CompleteAdding();
        return ended.Task;
    }

    private void Run()
    {
        var group = new List<Job>();
        try
        {
            while (jobs.TryTake(out var first, Timeout.Infinite))
            {
                group.Add(first);
                while (group.Count < MaxGroup && jobs.TryTake(out var next))
                {
                    group.Add(next);
                }

                Store(group);
                group.Clear();
            }
        }
        catch (Exception e)
        {
            Die(e, group);
        }

        Database.Dispose();
        if (dead is not null)
        {
            Died(dead);
        }

        ended.TrySetResult();
        if (dead is EngineCrashedException)
        {
            options.Faults!.MarkCrashed();
        }
    }

    private void Store(List<Job> group)
    {
        if (TryStore(group) is not { } error)
        {
            return;
        }

        if (group.Count > 1)
        {
            foreach (var job in group)
            {
                Store([job]);
            }
        }
        else if (Database.IsFull(error) && group[0].Lasting && !jobs.IsAddingCompleted)
        {
            Postpone(group[0], error);
        }
        else
        {
            group[0].Fail(Database.IsFull(error)
                ? new SqliteStorageException($"Nothing can be stored in {StoreName}: {error.Message}", error) : error);
            Done(1);
        }
    }

    /// <summary>Null: stored, and all were told. Else nothing of the group was stored, and nobody was told.</summary>
    private Exception? TryStore(List<Job> group)
    {
        var before = Database.TotalChanges;
        try
        {
            Database.Execute("BEGIN");
            foreach (var job in group)
            {
                MakeOne(job);
            }

            Commit(before);
        }
        catch (Exception e) when (e is not EngineCrashedException)
        {
            Rollback();
            return e;
        }

        Tell(group, wrote: Database.TotalChanges != before);
        return null;
    }

    private void MakeOne(Job job)
    {
        var before = Database.TotalChanges;
        try
        {
            job.Make(new Change(this, options.Clock.GetUtcNow().UtcDateTime));
        }
        catch (Exception e) when (e is not Microsoft.Data.Sqlite.SqliteException && Database.TotalChanges == before)
        {
            job.Refuse(e);
        }
    }

    private void Commit(long before)
    {
        var counts = options.Faults is not null && Database.TotalChanges != before;
        if (counts && options.Faults!.IsCrashDueBefore())
        {
            Rollback();
            throw new EngineCrashedException();
        }

        Database.Execute("COMMIT");
        if (counts && options.Faults!.IsCrashDueAfter())
        {
            throw new EngineCrashedException();
        }
    }

    private void Rollback()
    {
        // After some errors SQLite has undone the transaction by itself.
        if (SQLitePCL.raw.sqlite3_get_autocommit(Database.Handle) == 0)
        {
            Database.Execute("ROLLBACK");
        }
    }

    private void Tell(List<Job> group, bool wrote)
    {
        lock (gate)
        {
            foreach (var job in group)
            {
                job.Change?.RunPublished();
            }

            if (wrote)
            {
                Written();
            }
        }

        foreach (var job in group)
        {
            job.Complete();
        }

        Done(group.Count);
    }

    private void Done(int count)
    {
        if (Interlocked.Add(ref waiting, -count) == 0)
        {
            Idle();
        }
    }

    private void Postpone(Job job, Exception error)
    {
        logger.LogError("Nothing can be stored in {Store} ({Reason}). Work that is done waits for room; it is tried again twice a second.",
            StoreName, error.Message);
        _ = Task.Delay(FullRetry, TimeProvider.System).ContinueWith(
            _ =>
            {
                try
                {
                    jobs.Add(job);
                }
                catch (InvalidOperationException)
                {
                    job.Fail(new SqliteStorageException($"Nothing could be stored in {StoreName}: {error.Message}", error));
                    Done(1);
                }
            },
            TaskScheduler.Default);
    }

    private string StoreName => options.File ?? "the memory store";

    private void Die(Exception cause, List<Job> group)
    {
        Volatile.Write(ref dead, cause);
        if (cause is not EngineCrashedException)
        {
            logger.LogCritical(cause, "The engine on {Store} has stopped.", StoreName);
        }

        jobs.CompleteAdding();
        foreach (var job in group.Concat(jobs.GetConsumingEnumerable()))
        {
            job.Fail(cause);
        }
    }

    private abstract class Job(bool lasting)
    {
        public bool Lasting => lasting;

        public Change? Change { get; protected set; }

        public abstract void Make(Change change);

        public abstract void Refuse(Exception error);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Job<T>(Func<Change, T> make, bool lasting) : Job(lasting)
    {
        private readonly TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? refused;
        private T? result;

        public Task<T> Task => source.Task;

        public override void Make(Change change)
        {
            refused = null;
            Change = null;
            result = make(change);
            Change = change;
        }

        public override void Refuse(Exception error) => refused = error;

        public override void Complete()
        {
            if (refused is null)
            {
                source.TrySetResult(result!);
            }
            else
            {
                source.TrySetException(refused);
            }
        }

        public override void Fail(Exception error) => source.TrySetException(error);
    }
}
