using System.Collections.Concurrent;

namespace Chard.Emulator.DurableTask;

/// <summary>Clients that wait for an instance to start or to end. They are told by the commit; nobody polls.</summary>
internal sealed class InstanceWaiters
{
    private readonly ConcurrentDictionary<string, List<Waiter>> waiting = new(StringComparer.Ordinal);
    private volatile Exception? dead;

    /// <summary>The instance as soon as the condition holds of it.</summary>
    /// <param name="id">The instance, which need not exist yet.</param>
    /// <param name="condition">Asked at each change.</param>
    /// <param name="now">Reads the instance as it is now; called once the wait is registered, so no change is missed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<InstanceRow> WaitAsync(string id, Func<InstanceRow, bool> condition, Func<InstanceRow?> now, CancellationToken cancellation)
    {
        var waiter = new Waiter(condition);
        Register(id, waiter);
        try
        {
            if (dead is { } reason)
            {
                throw reason;
            }

            return now() is { } row && condition(row) ? row : await waiter.Completion.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Unregister(id, waiter);
        }
    }

    public void Changed(InstanceRow row, byte[]? input)
    {
        if (!waiting.TryGetValue(row.Id, out var waiters))
        {
            return;
        }

        row = row with { Input = input };
        lock (waiters)
        {
            foreach (var waiter in waiters)
            {
                if (waiter.Condition(row))
                {
                    waiter.Completion.TrySetResult(row);
                }
            }
        }
    }

    public void Fail(Exception reason)
    {
        dead = reason;
        foreach (var waiters in waiting.Values)
        {
            lock (waiters)
            {
                waiters.ForEach(waiter => waiter.Completion.TrySetException(reason));
            }
        }
    }

    private void Register(string id, Waiter waiter)
    {
        while (true)
        {
            var waiters = waiting.GetOrAdd(id, static _ => []);
            lock (waiters)
            {
                // An emptied list has left the table: a waiter on it would never be told.
                if (waiting.TryGetValue(id, out var present) && present == waiters)
                {
                    waiters.Add(waiter);
                    return;
                }
            }
        }
    }

    private void Unregister(string id, Waiter waiter)
    {
        if (waiting.TryGetValue(id, out var waiters))
        {
            lock (waiters)
            {
                waiters.Remove(waiter);
                if (waiters.Count == 0)
                {
                    waiting.TryRemove(KeyValuePair.Create(id, waiters));
                }
            }
        }
    }

    private sealed record Waiter(Func<InstanceRow, bool> Condition)
    {
        public TaskCompletionSource<InstanceRow> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
