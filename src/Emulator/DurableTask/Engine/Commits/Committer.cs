using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// The one thread that writes. It takes whatever is waiting, writes it in one transaction, and then lets the effects out. Nobody waits
/// for a batch to fill: alone, an operation is committed at once; under load, what came during one commit makes the next.
/// </summary>
internal sealed class Committer : IDisposable
{
    /// <summary>Bounds a transaction, so that a flood does not hold up the first of it.</summary>
    private const int LargestBatch = 2000;

    private readonly EngineRuntime runtime;
    private readonly ILogger logger;
    private readonly ConcurrentQueue<ICommitOperation> queue = new();
    private readonly SemaphoreSlim available = new(0);
    private readonly List<ICommitOperation> taken = [];
    private readonly Thread thread;
    private Exception? dead;
    private volatile bool stopping;
    private volatile bool closed;
    private int sleeping;

    public Committer(EngineRuntime runtime, ILogger logger)
    {
        this.runtime = runtime;
        this.logger = logger;
        thread = new Thread(Work) { IsBackground = true, Name = "durable committer" };
    }

    /// <summary>Why nothing is committed any more; null while all is well.</summary>
    public Exception? Dead => Volatile.Read(ref dead);

    public void Start() => thread.Start();

    public void Enqueue(ICommitOperation operation)
    {
        runtime.Idle.Enter();
        queue.Enqueue(operation);
        if (closed)
        {
            AbandonQueue();
        }
        else if (Interlocked.Exchange(ref sleeping, 0) == 1)
        {
            available.Release();
        }
    }

    /// <summary>Commits what is queued and ends the thread. From the thread itself it only notes the reason.</summary>
    public void Stop(Exception reason)
    {
        stopping = true;
        available.Release();
        Join();
        Interlocked.CompareExchange(ref dead, reason, null);
    }

    /// <summary>Waits for the thread to end, if it runs and is not the caller.</summary>
    public void Join()
    {
        if (thread.IsAlive && Environment.CurrentManagedThreadId != thread.ManagedThreadId)
        {
            thread.Join();
        }
    }

    /// <summary>Tells all whose operations were not, or not known to be, committed. The history is closed by now: they may open it again.</summary>
    public void AbandonAll()
    {
        closed = true;
        foreach (var operation in taken)
        {
            operation.Abandon(Dead!);
        }

        taken.Clear();
        AbandonQueue();
    }

    public void Dispose() => available.Dispose();

    private void Work()
    {
        var batch = new CommitBatch(runtime);
        while (true)
        {
            if (!TakeBatch())
            {
                return;
            }

            try
            {
                if (!Commit(batch))
                {
                    Volatile.Write(ref dead, new DurableEngineCrashedException());
                    runtime.Crash();
                    return;
                }
            }
#pragma warning disable CA1031 // Whatever broke the write, memory and disk no longer agree: only a new start on the same history is safe.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                logger.LogCritical(broken, "The durable engine cannot write its history and has stopped. Nothing that was reported as done is lost; restart the process once the cause is gone.");
                Volatile.Write(ref dead, new InvalidOperationException($"The durable engine has stopped because its history could not be written: {broken.Message}", broken));
                runtime.Crash();
                return;
            }
        }
    }

    private bool TakeBatch()
    {
        while (true)
        {
            while (taken.Count < LargestBatch && queue.TryDequeue(out var operation))
            {
                taken.Add(operation);
            }

            if (taken.Count > 0)
            {
                return true;
            }

            if (stopping)
            {
                return false;
            }

            // Announce the sleep, then look again: an operation queued in between has either been seen or releases the semaphore.
            Volatile.Write(ref sleeping, 1);
            if (queue.IsEmpty && !stopping)
            {
                available.Wait();
            }

            Volatile.Write(ref sleeping, 0);
        }
    }

    private bool Commit(CommitBatch batch)
    {
        var faults = runtime.Options.Faults;
        lock (runtime.Store.WriteGate)
        {
            var writer = runtime.Store.Writer;
            writer.Begin();
            try
            {
                foreach (var operation in taken)
                {
                    operation.Write(batch);
                }
            }
            catch
            {
                writer.Rollback();
                throw;
            }

            if (faults is not null && faults.IsCrashDueBefore())
            {
                writer.Rollback();
                return false;
            }

            writer.Commit();
        }

        if (faults is not null && faults.IsCrashDueAfter())
        {
            return false;
        }

        foreach (var operation in taken)
        {
            operation.Committed();
        }

        batch.Release();
        foreach (var _ in taken)
        {
            runtime.Idle.Exit();
        }

        taken.Clear();
        runtime.Cache.Check();
        return true;
    }

    private void AbandonQueue()
    {
        while (queue.TryDequeue(out var operation))
        {
            operation.Abandon(Dead!);
        }
    }
}
