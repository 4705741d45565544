using System.Globalization;
using Chard.Emulator.Functions.Settings;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace Chard.Emulator.Functions.Timers;

/// <summary>When a timer is due: a cron expression in the host's time zone, or a constant interval.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule? cron;
    private readonly TimeSpan interval;
    private readonly TimeZoneInfo zone;

    private TimerSchedule(CrontabSchedule? cron, TimeSpan interval, TimeZoneInfo zone)
    {
        this.cron = cron;
        this.interval = interval;
        this.zone = zone;
    }

    public static void Check(string text, IConfiguration configuration, List<string> faults)
    {
        if (NameResolver.Resolve(text, configuration, faults, "the schedule") is { } schedule && Parse(schedule, TimeZoneInfo.Utc) is null)
        {
            faults.Add($"'{schedule}' is no schedule: write six NCRONTAB fields (second minute hour day month weekday), five (without the second), or a time between runs such as \"00:05:00\"");
        }
    }

    /// <summary>Null where the text is no schedule.</summary>
    public static TimerSchedule? Parse(string text, TimeZoneInfo zone)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is 5 or 6)
        {
            var cron = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 });
            return cron is null ? null : new TimerSchedule(cron, default, zone);
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
            ? new TimerSchedule(null, interval, zone)
            : null;
    }

    /// <summary>The first time after the given one; null when there is none before the calendar ends.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (cron is null)
        {
            return after + interval;
        }

        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        var next = cron.GetNextOccurrence(local);
        if (next == DateTime.MaxValue)
        {
            return null;
        }

        // A time that the clock's change in spring leaves out happens at the first moment after the gap.
        while (zone.IsInvalidTime(next))
        {
            next = next.AddMinutes(1);
        }

        var moment = new DateTimeOffset(next, zone.GetUtcOffset(next)).ToUniversalTime();
        // A time that the clock's change in autumn brings twice is taken once.
        return moment > after ? moment : Next(after.AddMinutes(1));
    }
}
