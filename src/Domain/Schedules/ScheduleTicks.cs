namespace Chard.Domain.Schedules;

/// <summary>Decides which ticks of a schedule are to be started.</summary>
public static class ScheduleTicks
{
    /// <summary>Most ticks that <see cref="CatchUp.All"/> makes up for at once.</summary>
    public const int MaxCaughtUp = 100;

    /// <summary>How late a tick may be on time under <see cref="CatchUp.Last"/> and <see cref="CatchUp.All"/>: one minute.</summary>
    public static TimeSpan OnTime { get; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The same under <see cref="CatchUp.None"/>, in looks: five. A host that has not looked for longer has paused, and begins anew.
    /// </summary>
    public const int PromptLooks = 5;

    /// <summary>The ticks after <paramref name="handled"/> up to <paramref name="now"/>, each decided once.</summary>
    /// <remarks>
    /// Under <see cref="CatchUp.None"/> a tick that this host was not there for, and that is not older than <paramref name="prompt"/>, is
    /// left undecided for that long: a host that was there may be about to start it.
    /// </remarks>
    /// <param name="cron">The schedule.</param>
    /// <param name="handled">Up to when ticks are decided already.</param>
    /// <param name="since">Since when this host has looked without a pause; at most <paramref name="now"/>.</param>
    /// <param name="now">The present time.</param>
    /// <param name="catchUp">What to do about missed ones.</param>
    /// <param name="prompt">How late a tick may be on time under <see cref="CatchUp.None"/>: <see cref="PromptLooks"/> looks.</param>
    public static DueTicks Due(
        ScheduleCron cron, DateTimeOffset handled, DateTimeOffset since, DateTimeOffset now, CatchUp catchUp, TimeSpan prompt)
    {
        ArgumentNullException.ThrowIfNull(cron);
        var start = new List<DateTimeOffset>();
        TimeSpan onTime = catchUp == CatchUp.None ? prompt : OnTime;
        DateTimeOffset last = handled;
        DateTimeOffset? latestMissed = null;
        long missed = 0;
        long left = 0;
        int caughtUp = 0;
        for (DateTimeOffset? next = cron.Next(handled); next is { } tick && tick <= now; next = cron.Next(tick))
        {
            bool isOnTime = now - tick <= onTime;
            if (isOnTime && catchUp == CatchUp.None && tick < since)
            {
                left++;
                continue;
            }

            // What was left before a tick that is decided can no longer be left.
            missed += left;
            left = 0;
            last = tick;
            if (isOnTime)
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
