using Cronos;

namespace Chard.Domain.Schedules;

/// <summary>
/// Says in plain words what is wrong with a cron expression. The library tells the first fault only and not what was written there; so it
/// is asked about each field, and about ever smaller parts of one that is wrong, with <c>*</c> in all other places.
/// </summary>
internal static class CronFaults
{
    private const string Macros =
        "@every_second, @every_minute, @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually";

    private static readonly Field[] Fields =
    [
        new("second", 59, "a number from 0 to 59"),
        new("minute", 59, "a number from 0 to 59"),
        new("hour", 23, "a number from 0 to 23"),
        new("day", 31, "a number from 1 to 31, a working day such as 15W, or counted from the last, such as L, L-2 or LW"),
        new("month", 12, "a number from 1 to 12 or a name from JAN to DEC"),
        new("weekday", 7, "a number from 0 to 7 or a name from SUN to SAT, or one of the month's such as 5#1 to 5#5, or 5L for the last"),
    ];

    /// <summary>The faults of an expression that is refused, split at its spaces; the rest of a sentence.</summary>
    public static string Of(string[] fields)
    {
        if (fields is [['@', ..] macro])
        {
            return $"there is no macro '{macro}', only {Macros}";
        }

        if (fields.Length is not (5 or 6))
        {
            return $"it must be {ScheduleCron.Rule}, and has {fields.Length} {(fields.Length == 1 ? "field" : "fields")}";
        }

        int skipped = Fields.Length - fields.Length;
        return string.Join("; ", fields.Select((text, i) => (Text: text, Place: i + skipped))
            .Where(f => !IsTaken(f.Place, f.Text))
            .Select(f => $"its {Fields[f.Place].Name} '{f.Text}' is wrong: {ReasonOf(f.Place, f.Text)}"));
    }

    private static string ReasonOf(int place, string text)
    {
        string[] items = text.Split(',');
        if (items.Contains(""))
        {
            return "its list has an empty place";
        }

        return Array.Find(items, item => !IsTaken(place, item)) is { } wrong
            ? ReasonOfItem(place, wrong)
            : "a list has only numbers, names, ranges, and steps of these";
    }

    private static string ReasonOfItem(int place, string item)
    {
        Field field = Fields[place];
        string[] steps = item.Split('/');
        if (steps.Length == 2 && IsTaken(place, steps[0]) && !IsTaken(place, "*/" + steps[1]))
        {
            return $"the step of '{item}' is not a number from 1 to {field.Max}";
        }

        if (steps is [{ Length: > 0 } stepped, _] && !IsTaken(place, stepped))
        {
            return ReasonOfItem(place, stepped);
        }

        string[] ends = steps[0].Split('-');
        if (ends.Length == 2 && Array.Find(ends, end => !IsTaken(place, end)) is { Length: > 0 } wrong)
        {
            return $"'{wrong}' is not {field.Takes}";
        }

        return item.IndexOfAny(['-', '/']) < 0
            ? $"'{item}' is not {field.Takes}"
            : $"'{item}' is no range such as 1-5 and no step such as */2 or 1-5/2 of {field.Takes}";
    }

    private static bool IsTaken(int place, string text)
    {
        string[] fields = ["*", "*", "*", "*", "*", "*"];
        fields[place] = text;
        return text.Length > 0 && CronExpression.TryParse(string.Join(' ', fields), CronFormat.IncludeSeconds, out _);
    }

    private sealed record Field(string Name, int Max, string Takes);
}
