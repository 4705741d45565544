namespace Chard.Domain.Schedules;

/// <summary>Decides which ticks of a schedule are to be started.</summary>
public static class ScheduleTicks
{
    /// <summary>Most ticks that <see cref="CatchUp.All"/> makes up for at once.</summary>
    public const int MaxCaughtUp = 100;

    /// <summary>How late a tick may be seen and still be on time: one minute. Whatever the policy, it is started; an older one was missed.</summary>
    public static TimeSpan OnTime { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The ticks after <paramref name="handled"/> up to <paramref name="now"/>, each decided once.</summary>
    /// <param name="cron">The schedule.</param>
    /// <param name="handled">Up to when ticks are decided already.</param>
    /// <param name="now">The present time.</param>
    /// <param name="catchUp">What to do about missed ones.</param>
    public static DueTicks Due(ScheduleCron cron, DateTimeOffset handled, DateTimeOffset now, CatchUp catchUp)
    {
        ArgumentNullException.ThrowIfNull(cron);
        var start = new List<DateTimeOffset>();
        DateTimeOffset last = handled;
        DateTimeOffset? latestMissed = null;
        long missed = 0;
        int caughtUp = 0;
        while (cron.Next(last) is { } tick && tick <= now)
        {
            last = tick;
            if (now - tick <= OnTime)
            {
                start.Add(tick);
            }
            else if (catchUp == CatchUp.All && caughtUp < MaxCaughtUp)
            {
                start.Add(tick);
                caughtUp++;
            }
            else
            {
                latestMissed = tick;
                missed++;
            }
        }

        if (catchUp == CatchUp.Last && start.Count == 0 && latestMissed is { } latest)
        {
            start.Add(latest);
            missed--;
        }

        return new(start, last, missed);
    }
}

/// <summary>What is to be done about ticks that have come.</summary>
/// <param name="Start">To be started, in their order.</param>
/// <param name="Handled">Up to when ticks are decided with this; never earlier than before.</param>
/// <param name="Missed">How many of them are not started.</param>
public sealed record DueTicks(IReadOnlyList<DateTimeOffset> Start, DateTimeOffset Handled, long Missed);
