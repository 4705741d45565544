namespace Chard.Emulator.DurableTask;

/// <summary>
/// Counts what is under way: runnable instances, activities, operations waiting for a commit. At zero only a timer or a client
/// can make something happen, so time may be skipped.
/// </summary>
internal sealed class IdleTracker
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiter;
    private long busy;

    public bool IsIdle => Interlocked.Read(ref busy) == 0;

    public void Enter() => Interlocked.Increment(ref busy);

    public void Enter(int count) => Interlocked.Add(ref busy, count);

    public void Exit()
    {
        if (Interlocked.Decrement(ref busy) != 0)
        {
            return;
        }

        TaskCompletionSource? reached;
        lock (gate)
        {
            reached = IsIdle ? waiter : null;
            waiter = reached is null ? waiter : null;
        }

        reached?.TrySetResult();
    }

    public Task WhenIdleAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (IsIdle)
            {
                return Task.CompletedTask;
            }

            waiter ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiter.Task.WaitAsync(cancellation);
        }
    }
}
