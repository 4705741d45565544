using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace Chard.Domain.Schedules;

/// <summary>
/// The ticks of a cron expression in a time zone, each a moment that comes once. A local time that the clock's change in spring leaves out
/// is taken at the first moment after the gap, together with the tick that is due then anyway. In the hour that the change in autumn brings
/// twice, an expression whose second, minute or hour has a <c>*</c>, a range or a step goes on through both; one whose time of day is fixed
/// is taken the first time.
/// </summary>
public sealed class ScheduleCron
{
    /// <summary>What an expression must be, to go after "it must be".</summary>
    public const string Rule =
        "five cron fields (minute hour day month weekday), or six with the second first, such as '30 2 * * *', or a macro such as '@daily'";

    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;

    private ScheduleCron(CronExpression cron, TimeZoneInfo zone) => (_cron, _zone) = (cron, zone);

    /// <summary>Reads five fields (minute first), six with the second first, or a macro: the grammar of docs/schedules.md.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="zone">Whose local time it is in.</param>
    /// <param name="cron">The expression read.</param>
    /// <param name="fault">Why it is none: each field that is wrong and the reason, the rest of a sentence without its full stop.</param>
    public static bool TryParse(
        string text, TimeZoneInfo zone, [NotNullWhen(true)] out ScheduleCron? cron, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(zone);
        string[] fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        bool read = CronExpression.TryParse(
            string.Join(' ', fields), fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard, out CronExpression? expression);
        cron = read ? new(expression!, zone) : null;
        fault = read ? null : CronFaults.Of(fields);
        return read;
    }

    /// <summary>The first tick after <paramref name="after"/>, UTC; null if there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _cron.GetNextOccurrence(after, _zone)?.ToUniversalTime();
}
