using System.Diagnostics.CodeAnalysis;
using NCrontab;

namespace Chard.Domain.Schedules;

/// <summary>
/// The ticks of a cron expression in a time zone, each a moment that comes once. A local time that the clock's change in spring leaves out
/// is taken at the first moment after the gap, together with the tick that is due then anyway; one that the change in autumn brings twice is
/// taken the first time.
/// </summary>
public sealed class ScheduleCron
{
    private readonly CrontabSchedule _cron;
    private readonly TimeZoneInfo _zone;

    private ScheduleCron(CrontabSchedule cron, TimeZoneInfo zone) => (_cron, _zone) = (cron, zone);

    /// <summary>Reads five fields (minute hour day month weekday), or six with the second first: the grammar of timer triggers.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="zone">Whose local time it is in.</param>
    /// <param name="cron">The expression read.</param>
    /// <param name="fault">Why it is none.</param>
    public static bool TryParse(string text, TimeZoneInfo zone, [NotNullWhen(true)] out ScheduleCron? cron, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(zone);
        bool seconds = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == 6;
        try
        {
            cron = new(CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = seconds }), zone);
            fault = null;
            return true;
        }
        catch (CrontabException e)
        {
            cron = null;
            fault = e.Message;
            return false;
        }
    }

    /// <summary>The first tick after <paramref name="after"/>, UTC; null if there is none before the calendar ends.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        DateTime local = TimeZoneInfo.ConvertTime(after, _zone).DateTime;
        while (true)
        {
            local = _cron.GetNextOccurrence(local);
            if (local == DateTime.MaxValue)
            {
                return null;
            }

            // In the second pass of a repeated hour, times of the first come up again: they are over.
            DateTimeOffset tick = MomentOf(local);
            if (tick > after)
            {
                return tick;
            }
        }
    }

    private DateTimeOffset MomentOf(DateTime local)
    {
        if (_zone.IsInvalidTime(local))
        {
            // Clocks change at whole minutes.
            local = new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerMinute));
            do
            {
                local = local.AddMinutes(1);
            }
            while (_zone.IsInvalidTime(local));
        }

        TimeSpan offset = _zone.IsAmbiguousTime(local) ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
