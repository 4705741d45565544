namespace Chard.Emulator.DurableTask;

/// <summary>Something that happens at a time.</summary>
internal abstract class DueEntry(long ticks)
{
    public long Ticks => ticks;

    /// <summary>Nobody waits for it any more; it is skipped and does not count as the next one due.</summary>
    public abstract bool IsDropped { get; }

    public abstract void Fire();
}

/// <summary>All that is due later, in order, behind one timer of the <see cref="TimeProvider"/> set to the first of them.</summary>
internal sealed class TimerHeap : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider time;
    private readonly IdleTracker idle;
    private readonly Lock gate = new();
    private readonly PriorityQueue<DueEntry, (long Ticks, long Order)> heap = new();
    private readonly ITimer timer;
    private long armedFor = long.MaxValue;
    private long order;
    private int dropped;
    private bool stopped;

    public TimerHeap(TimeProvider time, IdleTracker idle)
    {
        this.time = time;
        this.idle = idle;
        timer = time.CreateTimer(static self => ((TimerHeap)self!).FireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the next entry is due; null when nothing waits for time.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
            {
                DropDead();
                return heap.TryPeek(out var first, out _) ? new DateTimeOffset(first.Ticks, TimeSpan.Zero) : null;
            }
        }
    }

    public void Add(DueEntry entry)
    {
        lock (gate)
        {
            heap.Enqueue(entry, (entry.Ticks, order++));
            if (entry.Ticks < armedFor)
            {
                Arm(entry.Ticks);
            }
        }
    }

    /// <summary>
    /// An entry has been dropped. Timeouts that never fire would fill the memory for days, each holding on to its instance,
    /// so once they are the greater part the heap is built anew.
    /// </summary>
    public void NoteDropped()
    {
        lock (gate)
        {
            if (++dropped < 1000 || dropped < heap.Count / 2)
            {
                return;
            }

            var live = heap.UnorderedItems.Where(static item => !item.Element.IsDropped).ToList();
            heap.Clear();
            heap.EnqueueRange(live);
            dropped = 0;
        }
    }

    /// <summary>How many entries are kept, dropped ones included.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return heap.Count;
            }
        }
    }

    /// <summary>Fires nothing any more.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopped = true;
            heap.Clear();
        }
    }

    public void Dispose()
    {
        Stop();
        timer.Dispose();
    }

    private void FireDue()
    {
        // What fires is counted as work before it leaves the heap: nobody may see the engine idle in between.
        idle.Enter();
        try
        {
            foreach (var entry in TakeDue())
            {
                entry.Fire();
            }
        }
        finally
        {
            idle.Exit();
        }
    }

    private List<DueEntry> TakeDue()
    {
        var due = new List<DueEntry>();
        lock (gate)
        {
            armedFor = long.MaxValue;
            if (stopped)
            {
                return due;
            }

            var now = time.GetUtcNow().UtcTicks;
            while (heap.TryPeek(out var first, out _) && (first.IsDropped || first.Ticks <= now))
            {
                heap.Dequeue();
                if (!first.IsDropped)
                {
                    due.Add(first);
                }
            }

            if (heap.TryPeek(out var next, out _))
            {
                Arm(next.Ticks);
            }
        }

        return due;
    }

    private void Arm(long ticks)
    {
        if (stopped)
        {
            return;
        }

        armedFor = ticks;
        var wait = TimeSpan.FromTicks(Math.Max(0, ticks - time.GetUtcNow().UtcTicks));

        // Timers count whole milliseconds and cut the rest off: rounded up, the wake-up does not come before its time.
        wait = wait > Longest ? Longest : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void DropDead()
    {
        while (heap.TryPeek(out var first, out _) && first.IsDropped)
        {
            heap.Dequeue();
        }
    }
}
