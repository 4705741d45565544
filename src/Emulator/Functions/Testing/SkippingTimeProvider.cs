namespace Chard.Emulator.Testing;

/// <summary>
/// A clock that runs like any other while work is under way, and jumps to the next due timer when nothing is. Timers fire in the order of their times.
/// It jumps by itself for what the durable engine waits for (timers, retries, put-off starts) and for delays inside HTTP requests; timers of the app
/// and schedules that lie on the way fire as well. <see cref="FunctionsTestHost"/> sees to the jumping; <see cref="AdvanceAsync"/> asks for it.
/// </summary>
/// <remarks>Only time taken from this TimeProvider is skipped. A storage queue has a clock of its own, and so has <c>Task.Delay</c> without a provider.</remarks>
public sealed class SkippingTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (long Due, long Order)> due = new();
    private readonly DateTimeOffset origin = start ?? System.GetUtcNow();
    private readonly long originStamp = System.GetTimestamp();
    private ITimer? alarm;
    private long skipped;
    private long order;
    private int held;

    /// <summary>False while somebody holds the clock; see <see cref="Hold"/>.</summary>
    public bool IsSkipping => Volatile.Read(ref held) == 0;

    /// <summary>How much time has been skipped so far.</summary>
    public TimeSpan Skipped => TimeSpan.FromTicks(Interlocked.Read(ref skipped));

    /// <summary>When the first timer is due; null when none is armed.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
            {
                Trim();
                return due.TryPeek(out _, out var key) ? new DateTimeOffset(key.Due, TimeSpan.Zero) : null;
            }
        }
    }

    /// <summary>Set while an HTTP request is served: its delays are worth a jump, as somebody waits for the answer.</summary>
    internal static AsyncLocal<bool> InRequest { get; } = new();

    /// <summary>When the first delay of an HTTP request under way is due.</summary>
    internal DateTimeOffset? NextRequestDue
    {
        get
        {
            lock (gate)
            {
                long? first = null;
                foreach (var (entry, key) in due.UnorderedItems)
                {
                    if (entry.Timer.IsOfRequest && entry.Timer.Version == entry.Version && (first is null || key.Due < first))
                    {
                        first = key.Due;
                    }
                }

                return first is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            }
        }
    }

    public override long TimestampFrequency => System.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Advances the clock on request; set by the test host.</summary>
    internal Func<TimeSpan, CancellationToken, Task>? Advancer { get; set; }

    public override DateTimeOffset GetUtcNow() => origin + System.GetElapsedTime(originStamp) + Skipped;

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(Interlocked.Read(ref skipped) * ((double)System.TimestampFrequency / TimeSpan.TicksPerSecond));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Stops the clock from jumping until what is returned is disposed. Time then passes as it does outside.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref held);
        return new Release(this);
    }

    /// <summary>
    /// Lets an amount of time pass: every timer due in it fires in order, those of schedules and of the app too, and the work each starts is waited for.
    /// </summary>
    public Task AdvanceAsync(TimeSpan amount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, TimeSpan.Zero);
        return Advancer is { } advance
            ? advance(amount, cancellationToken)
            : throw new InvalidOperationException("No running FunctionsTestHost has this clock.");
    }

    /// <summary>Jumps to the first due time not later than the limit and fires the timers of that time. False when there is none.</summary>
    internal bool JumpToNext(DateTimeOffset limit)
    {
        long target;
        lock (gate)
        {
            Trim();
            if (!due.TryPeek(out _, out var key) || key.Due > limit.UtcTicks)
            {
                return false;
            }

            target = key.Due;
        }

        JumpTo(new DateTimeOffset(target, TimeSpan.Zero));
        Fire(target);
        return true;
    }

    /// <summary>Sets the clock forward, firing nothing; back it never goes.</summary>
    internal void JumpTo(DateTimeOffset moment)
    {
        var ahead = (moment - GetUtcNow()).Ticks;
        if (ahead > 0)
        {
            Interlocked.Add(ref skipped, ahead);
        }
    }

    private void Fire(long until)
    {
        while (true)
        {
            VirtualTimer timer;
            lock (gate)
            {
                Trim();
                if (!due.TryPeek(out var entry, out var key) || key.Due > until)
                {
                    Arm();
                    return;
                }

                due.Dequeue();
                timer = entry.Timer;
                timer.Rearm(key.Due);
            }

            timer.Run();
        }
    }

    private void Enqueue(VirtualTimer timer, long version, long moment)
    {
        due.Enqueue((timer, version), (moment, order++));
        Arm();
    }

    /// <summary>Entries of timers that were changed or disposed are dropped when they come to the top.</summary>
    private void Trim()
    {
        while (due.TryPeek(out var entry, out _) && entry.Timer.Version != entry.Version)
        {
            due.Dequeue();
        }
    }

    /// <summary>One real timer, for the first due time: time that is not skipped passes as usual.</summary>
    private void Arm()
    {
        Trim();
        var wait = Timeout.InfiniteTimeSpan;
        if (due.TryPeek(out _, out var key))
        {
            var left = TimeSpan.FromTicks(Math.Max(0, key.Due - GetUtcNow().UtcTicks));
            wait = left > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        }

        if (alarm is null)
        {
            using (ExecutionContext.SuppressFlow())
            {
                alarm = System.CreateTimer(_ => Fire(GetUtcNow().UtcTicks), null, wait, Timeout.InfiniteTimeSpan);
            }
        }
        else
        {
            alarm.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Release(SkippingTimeProvider owner) : IDisposable
    {
        private int done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref done, 1) == 0)
            {
                Interlocked.Decrement(ref owner.held);
            }
        }
    }

    private sealed class VirtualTimer(SkippingTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private TimeSpan period;
        private bool disposed;

        public bool IsOfRequest { get; } = InRequest.Value;

        /// <summary>Guarded by the owner's lock, as all that is mutable here.</summary>
        public long Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                if (disposed)
                {
                    return false;
                }

                Version++;
                this.period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    owner.Enqueue(this, Version, owner.GetUtcNow().UtcTicks + Math.Max(0, dueTime.Ticks));
                }

                return true;
            }
        }

        /// <summary>A periodic timer is due again a period after it was due, not after it fired.</summary>
        public void Rearm(long fired)
        {
            Version++;
            if (period > TimeSpan.Zero && period != Timeout.InfiniteTimeSpan)
            {
                owner.Enqueue(this, Version, fired + period.Ticks);
            }
        }

        public void Run()
        {
            if (context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(context, static timer => ((VirtualTimer)timer!).Call(), this);
            }
        }

        public void Dispose()
        {
            lock (owner.gate)
            {
                disposed = true;
                Version++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Call() => callback(state);
    }
}
