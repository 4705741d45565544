namespace Chard.DurableTask.Sqlite;

/// <summary>Work outside the engine that keeps a clock from jumping, unless it has only waited on that clock for a while.</summary>
internal sealed class ClockHold : IDisposable
{
    private static readonly AsyncLocal<ClockHold?> Flow = new();
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    private readonly SkippingClock clock;
    private readonly ClockHold? outer;
    private readonly bool isBrief;
    private long since;
    private int armed;
    private int disposed;

    /// <summary>A brief one may wait for the engine: it holds until it has done nothing on this clock for a while.</summary>
    public ClockHold(SkippingClock clock, bool isBrief)
    {
        this.clock = clock;
        this.isBrief = isBrief;
        Touch();
        outer = Flow.Value;
        Flow.Value = this;
    }

    /// <summary>The hold of the flow that runs: its timers belong to it.</summary>
    public static ClockHold? Current => Flow.Value;

    public bool Holds =>
        (!isBrief && Volatile.Read(ref armed) == 0) || TimeProvider.System.GetElapsedTime(Volatile.Read(ref since)) < Grace;

    public bool IsDisposed => Volatile.Read(ref disposed) == 1;

    public void Armed(int change)
    {
        Interlocked.Add(ref armed, change);
        Touch();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            if (Flow.Value == this)
            {
                Flow.Value = outer;
            }

            clock.Release(this);
        }
    }

    private void Touch()
    {
        Volatile.Write(ref since, TimeProvider.System.GetTimestamp());
        if (isBrief || Volatile.Read(ref armed) > 0)
        {
            // From then on a hold that still waits does not count, and nothing else would say so.
            _ = Task.Delay(Grace + TimeSpan.FromMilliseconds(1), TimeProvider.System)
                .ContinueWith(_ => clock.Poke(), TaskScheduler.Default);
        }
    }
}
