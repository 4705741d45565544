namespace Chard.DurableTask.Sqlite;

/// <summary>The time and the timers of a <see cref="SkippingClock"/>: real time and what was skipped. Thread-safe.</summary>
internal sealed class VirtualTimers(DateTimeOffset origin)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (long Due, long Order)> due = new();
    private readonly long originStamp = TimeProvider.System.GetTimestamp();
    private ITimer? alarm;
    private long skipped;
    private long order;

    public TimeSpan Skipped => TimeSpan.FromTicks(Interlocked.Read(ref skipped));

    public DateTimeOffset Now => origin + TimeProvider.System.GetElapsedTime(originStamp) + Skipped;

    public ITimer Create(TimerCallback callback, object? state, ClockHold? hold) => new VirtualTimer(this, callback, state, hold);

    public DateTimeOffset? FirstDue(bool ofHolds)
    {
        lock (gate)
        {
            Trim();
            var first = ofHolds
                ? due.UnorderedItems.Where(
                    item => item.Element.Timer.Version == item.Element.Version && item.Element.Timer.Hold is { IsDisposed: false })
                    .Select(item => (long?)item.Priority.Due).Min()
                : due.TryPeek(out _, out var key) ? key.Due : null;
            return first is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        }
    }

    /// <summary>Jumps to the first due time not later than the limit and fires the timers of that time. False when there is none.</summary>
    public bool JumpToNext(DateTimeOffset limit)
    {
        if (FirstDue(ofHolds: false) is not { } first || first > limit)
        {
            return false;
        }

        JumpTo(first);
        return true;
    }

    public void JumpTo(DateTimeOffset moment)
    {
        // Step by step, so that each timer sees the time at which it is due.
        while (FirstDue(ofHolds: false) is { } first && first <= moment)
        {
            Skip(first);
            Fire(first.UtcTicks);
        }

        Skip(moment);
        lock (gate)
        {
            // The next one is nearer now.
            Arm();
        }
    }

    private void Skip(DateTimeOffset moment)
    {
        var ahead = (moment - Now).Ticks;
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
            var left = Math.Clamp(key.Due - Now.UtcTicks, 0, TimeSpan.TicksPerDay);
            wait = TimeSpan.FromMilliseconds(Math.Ceiling(TimeSpan.FromTicks(left).TotalMilliseconds));
        }

        if (alarm is null)
        {
            using (ExecutionContext.SuppressFlow())
            {
                alarm = TimeProvider.System.CreateTimer(_ => Fire(Now.UtcTicks), null, wait, Timeout.InfiniteTimeSpan);
            }
        }
        else
        {
            alarm.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class VirtualTimer(VirtualTimers owner, TimerCallback callback, object? state, ClockHold? hold) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private TimeSpan period;
        private bool armed;
        private bool disposed;

        public ClockHold? Hold => hold;

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

                this.period = period;
                SetArmed(dueTime != Timeout.InfiniteTimeSpan, owner.Now.UtcTicks + Math.Max(0, dueTime.Ticks));
                return true;
            }
        }

        /// <summary>A periodic timer is due again a period after it was due, not after it fired.</summary>
        public void Rearm(long fired) => SetArmed(period > TimeSpan.Zero, fired + period.Ticks);

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
                SetArmed(false, 0);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void SetArmed(bool value, long moment)
        {
            Version++;
            if (armed != value)
            {
                armed = value;
                hold?.Armed(value ? 1 : -1);
            }

            if (value)
            {
                owner.Enqueue(this, Version, moment);
            }
        }

        private void Call() => callback(state);
    }
}
