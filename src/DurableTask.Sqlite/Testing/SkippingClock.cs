using System.Collections.Immutable;
using System.Threading.Channels;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// A clock for tests that runs like any other while work is under way, and jumps to what is due next when nothing is. What is due fires in
/// the order of its times. It jumps for what its participants wait for (the engine: timers, retries, put-off starts) and for delays inside
/// a <see cref="Hold"/>; other timers of the app that lie on the way fire as well. Give it to the engine in <see
/// cref="SqliteStorageOptions.Clock"/>.
/// </summary>
/// <remarks>
/// Only time taken from this TimeProvider is skipped: not <c>Task.Delay</c> without a provider, nor the clock of a storage queue.
/// </remarks>
public sealed class SkippingClock(DateTimeOffset? start = null) : TimeProvider
{
    // Whoever was just told of a result gets this much real time to act on it.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(2);

    // How long a step of an advance waits for work it set off that does not get on, in real time: it may wait for the very time that is to
    // pass.
    private static readonly TimeSpan AdvancePatience = TimeSpan.FromSeconds(3);

    private readonly Channel<bool> signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly VirtualTimers timers = new(start ?? System.GetUtcNow());
    private ImmutableList<IClockParticipant> participants = [];
    private ImmutableList<ClockHold> holds = [];
    private CancellationTokenSource? running;
    private int advancing;
    private long pokes;

    /// <summary>False while somebody holds the clock, or advances it.</summary>
    public bool IsSkipping => Volatile.Read(ref advancing) == 0 && holds.All(hold => !hold.Holds);

    /// <summary>How much time has been skipped so far.</summary>
    public TimeSpan Skipped => timers.Skipped;

    /// <summary>When the first timer is due; null when none is armed.</summary>
    public DateTimeOffset? NextDue => timers.FirstDue(ofHolds: false);

    public override long TimestampFrequency => System.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => timers.Now;

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(Skipped.Ticks * ((double)System.TimestampFrequency / TimeSpan.TicksPerSecond));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = timers.Create(callback, state, ClockHold.Current);
        timer.Change(dueTime, period);
        Poke();
        return timer;
    }

    /// <summary>
    /// Keeps the clock from jumping until what is returned is disposed: put it around work outside the engine, such as an HTTP request. A
    /// delay on this clock inside that work is jumped to nonetheless, once the work has done nothing but wait for 200 ms of real time.
    /// </summary>
    public IDisposable Hold() => Begin(isBrief: false);

    /// <summary>
    /// A <see cref="Hold"/> for work that may wait for the engine, such as an HTTP request that answers when a workflow has ended: it
    /// counts for 200 ms of real time from its begin, and from the end of each delay on this clock in it.
    /// </summary>
    public IDisposable HoldBriefly() => Begin(isBrief: true);

    /// <summary>
    /// Lets an amount of time pass: every timer due in it fires in order, and the work each starts is waited for until it has not got on
    /// for three seconds: see <see cref="Poke"/>.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan amount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, TimeSpan.Zero);
        Interlocked.Increment(ref advancing);
        try
        {
            var until = GetUtcNow() + amount;
            do
            {
                await QuietAsync(cancellationToken).ConfigureAwait(false);
            }
            while (timers.JumpToNext(until));
            JumpTo(until);
            await QuietAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref advancing);
            Poke();
        }
    }

    /// <summary>Sets the clock forward and fires what is due by then; back it never goes.</summary>
    public void JumpTo(DateTimeOffset moment) => timers.JumpTo(moment);

    /// <summary>Adds something whose work is not skipped over and whose plans are jumped to, until what is returned is disposed.</summary>
    public IDisposable Attach(IClockParticipant participant)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ImmutableInterlocked.Update(ref participants, (list, item) => list.Add(item), participant);
        var source = new CancellationTokenSource();
        if (Interlocked.CompareExchange(ref running, source, null) is null)
        {
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(() => SkipAsync(source.Token));
            }
        }

        Poke();
        return new Attachment(this, participant);
    }

    /// <summary>Says that something may have become idle, or may have been planned, or that work gets on.</summary>
    public void Poke()
    {
        Interlocked.Increment(ref pokes);
        signal.Writer.TryWrite(true);
    }

    /// <summary>A timer that is nobody's delay, whoever holds the clock just now.</summary>
    internal ITimer CreateOwnTimer(Action callback) => timers.Create(_ => callback(), null, hold: null);

    internal void Release(ClockHold hold)
    {
        ImmutableInterlocked.Update(ref holds, (list, item) => list.Remove(item), hold);
        Poke();
    }

    private ClockHold Begin(bool isBrief)
    {
        var hold = new ClockHold(this, isBrief);
        ImmutableInterlocked.Update(ref holds, (list, item) => list.Add(item), hold);
        return hold;
    }

    private async Task SkipAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await signal.Reader.ReadAsync(cancellation).ConfigureAwait(false);
                await Task.Delay(Settle, System, cancellation).ConfigureAwait(false);
                while (Target() is not null && await IsQuietAsync(null, cancellation).ConfigureAwait(false) && IsSkipping
                    && Target() is { } target)
                {
                    // A timer is armed a moment after its time was worked out: what is due at a time may wake a little after it, and does
                    // so in real time.
                    if (!timers.JumpToNext(target))
                    {
                        timers.JumpTo(target);
                    }

                    await Task.Delay(Settle, System, cancellation).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The last participant has left.
        }
    }

    private DateTimeOffset? Target()
    {
        var first = timers.FirstDue(ofHolds: true);
        foreach (var due in participants.Select(participant => participant.NextDue))
        {
            first = first is null || due < first ? due ?? first : first;
        }

        return first;
    }

    private async Task QuietAsync(CancellationToken cancellation)
    {
        var own = ClockHold.Current;
        var (seen, since) = (-1L, 0L);
        do
        {
            await Task.Delay(Settle, System, cancellation).ConfigureAwait(false);
            if (Interlocked.Read(ref pokes) is var now && now != seen)
            {
                (seen, since) = (now, System.GetTimestamp());
            }
        }
        while (!await IsQuietAsync(own, cancellation).ConfigureAwait(false) && System.GetElapsedTime(since) < AdvancePatience);
    }

    private async ValueTask<bool> IsQuietAsync(ClockHold? ignored, CancellationToken cancellation)
    {
        if (holds.Any(hold => hold != ignored && hold.Holds))
        {
            return false;
        }

        foreach (var participant in participants)
        {
            if (!await participant.IsIdleAsync(cancellation).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Attachment(SkippingClock clock, IClockParticipant participant) : IDisposable
    {
        public void Dispose()
        {
            ImmutableInterlocked.Update(ref clock.participants, (list, item) => list.Remove(item), participant);
            if (clock.participants.IsEmpty && Interlocked.Exchange(ref clock.running, null) is { } source)
            {
                source.Cancel();
                source.Dispose();
            }
        }
    }
}
