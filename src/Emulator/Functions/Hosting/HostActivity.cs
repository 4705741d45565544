namespace Chard.Emulator.Functions.Hosting;

/// <summary>What the host is doing: how many invocations run, and the token that ends them when a drain has taken too long.</summary>
internal sealed class HostActivity : IDisposable
{
    private readonly CancellationTokenSource stopped = new();
    private int running;
    private long completed;

    /// <summary>Fires when the host gives up waiting for what still runs.</summary>
    public CancellationToken Stopped => stopped.Token;

    /// <summary>Invocations under way, those of durable functions not counted: the engine knows them.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Grows with each invocation that ends.</summary>
    public long Completed => Interlocked.Read(ref completed);

    public RunningInvocation Begin()
    {
        Interlocked.Increment(ref running);
        return new RunningInvocation(this);
    }

    public void StopNow() => stopped.Cancel();

    public void Dispose() => stopped.Dispose();

    private void End()
    {
        Interlocked.Decrement(ref running);
        Interlocked.Increment(ref completed);
    }

    /// <summary>An invocation under way until disposed.</summary>
    public readonly struct RunningInvocation(HostActivity owner) : IDisposable
    {
        public void Dispose() => owner.End();
    }
}
