using System.Collections.Concurrent;
using System.Diagnostics;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// Runs work items on the thread pool, so many at once and no more. A lane takes the next item as soon as it has ended one, so
/// ten thousand small items cost a few pool entries, not ten thousand.
/// </summary>
/// <param name="limit">Items that run at once.</param>
/// <param name="run">Runs an item; never throws.</param>
internal sealed class WorkLanes<T>(int limit, Func<T, ValueTask> run)
{
    /// <summary>A lane gives its thread back after this time, so that other work queued on the pool gets its turn.</summary>
    private static readonly long Slice = Stopwatch.Frequency / 4000;

    private readonly ConcurrentQueue<T> queue = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int lanes;
    private volatile bool stopping;

    public void Enqueue(T item)
    {
        queue.Enqueue(item);
        OpenLane();
    }

    public void Enqueue(List<T> items)
    {
        foreach (var item in items)
        {
            queue.Enqueue(item);
        }

        for (var i = Math.Min(items.Count, limit); i > 0; i--)
        {
            OpenLane();
        }
    }

    /// <summary>Takes no further items; ends when the running ones have ended.</summary>
    public Task StopAsync()
    {
        stopping = true;
        if (Volatile.Read(ref lanes) == 0)
        {
            stopped.TrySetResult();
        }

        return stopped.Task;
    }

    private void OpenLane()
    {
        while (true)
        {
            var now = Volatile.Read(ref lanes);
            if (now >= limit || stopping)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref lanes, now + 1, now) == now)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.RunLaneAsync(), this, preferLocal: false);
                return;
            }
        }
    }

    private async Task RunLaneAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (!stopping && queue.TryDequeue(out var item))
        {
            await run(item).ConfigureAwait(false);
            if (Stopwatch.GetTimestamp() - since > Slice && !queue.IsEmpty)
            {
                await Task.Yield();
                since = Stopwatch.GetTimestamp();
            }
        }

        var left = Interlocked.Decrement(ref lanes);
        if (stopping)
        {
            if (left == 0)
            {
                stopped.TrySetResult();
            }
        }
        else if (!queue.IsEmpty)
        {
            // An item came between the last look and the count: its sender may have seen all lanes taken.
            OpenLane();
        }
    }
}
