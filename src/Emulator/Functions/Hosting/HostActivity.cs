using System.Collections.Concurrent;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>What the host is doing: how many invocations run, and the token that ends them when a drain has taken too long.</summary>
internal sealed class HostActivity : IDisposable
{
    private readonly CancellationTokenSource stopped = new();
    private readonly ConcurrentDictionary<long, long> requests = new();
    private int running;
    private long begun;
    private long completed;

    /// <summary>Fires when the host gives up waiting for what still runs.</summary>
    public CancellationToken Stopped => stopped.Token;

    /// <summary>Invocations under way, those of durable functions not counted: the engine knows them.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Grows with each invocation that ends.</summary>
    public long Completed => Interlocked.Read(ref completed);

    /// <summary>A queue or timer function runs, or an HTTP request that began less than the given time ago: later it may be waiting for others.</summary>
    public bool IsBusy(TimeSpan requestAge) =>
        Running > requests.Count || requests.Values.Any(start => TimeProvider.System.GetElapsedTime(start) < requestAge);

    public RunningInvocation Begin(bool isRequest = false)
    {
        Interlocked.Increment(ref running);
        var id = Interlocked.Increment(ref begun);
        if (isRequest)
        {
            requests[id] = TimeProvider.System.GetTimestamp();
        }

        return new RunningInvocation(this, isRequest ? id : 0);
    }

    /// <summary>An activity has run: like any invocation it may have sent a message.</summary>
    public void CountCompleted() => Interlocked.Increment(ref completed);

    public void StopNow() => stopped.Cancel();

    public void Dispose() => stopped.Dispose();

    private void End(long request)
    {
        if (request != 0)
        {
            requests.TryRemove(request, out _);
        }

        Interlocked.Decrement(ref running);
        CountCompleted();
    }

    /// <summary>An invocation under way until disposed.</summary>
    public readonly struct RunningInvocation(HostActivity owner, long request) : IDisposable
    {
        public void Dispose() => owner.End(request);
    }
}
