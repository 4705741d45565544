using System.Collections.Concurrent;

namespace Chard.LocalHost.Functions;

/// <summary>
/// What runs now. To drain it is to finish what began and to begin nothing new: first what waits for nobody (requests, messages, timers),
/// for which
/// workflows must go on; then durable work, of which no more is begun.
/// </summary>
internal sealed class RunningWork
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly Counter durable = new();
    private readonly Counter others = new();

    /// <summary>How many invocations run of each function that has any.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts.Where(pair => pair.Value > 0).ToDictionary();

    /// <summary>
    /// Counts an invocation until it is disposed of. Once durable work drains, more of it waits here until it is given back to the engine.
    /// </summary>
    public async ValueTask<Entry> EnterAsync(FunctionDefinition function, CancellationToken cancellation)
    {
        var counter = function.IsDurable ? durable : others;
        if (counter.Add() && function.IsDurable)
        {
            counter.Remove();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }

        counts.AddOrUpdate(function.Name, 1, static (_, count) => count + 1);
        return new Entry(this, counter, function.Name);
    }

    /// <summary>Done when no request, message or timer is being served.</summary>
    public Task DrainOthersAsync() => others.DrainAsync();

    /// <summary>Begins no more durable work; done when none runs.</summary>
    public Task DrainDurableAsync() => durable.DrainAsync();

    internal readonly struct Entry(RunningWork work, Counter counter, string function) : IDisposable
    {
        public void Dispose()
        {
            work.counts.AddOrUpdate(function, 0, static (_, count) => count - 1);
            counter.Remove();
        }
    }

    internal sealed class Counter
    {
        private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int count;
        private volatile bool draining;

        /// <summary>True when this drains.</summary>
        public bool Add()
        {
            Interlocked.Increment(ref count);
            return draining;
        }

        public void Remove()
        {
            if (Interlocked.Decrement(ref count) == 0 && draining)
            {
                idle.TrySetResult();
            }
        }

        public Task DrainAsync()
        {
            draining = true;
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref count) == 0)
            {
                idle.TrySetResult();
            }

            return idle.Task;
        }
    }
}
