using System.Globalization;

namespace Chard.Functions.Reports.Charts;

/// <summary>Intervals of equal kind that hold a span of days: at most 62 of them, none left out.</summary>
/// <param name="Interval">By what the database counts.</param>
/// <param name="Years">How many years go together; 1 unless <paramref name="Interval"/> is the year.</param>
/// <param name="Starts">The first day of each.</param>
public sealed record TimelineScale(DayInterval Interval, int Years, IReadOnlyList<DateOnly> Starts)
{
    /// <summary>The most intervals there may be.</summary>
    public const int Most = 62;

    private const int MostYears = 40;

    /// <summary>The finest intervals that are not too many: days, months, years, or several years.</summary>
    public static TimelineScale Of(DaySpan span)
    {
        ArgumentNullException.ThrowIfNull(span);
        int days = span.Last.DayNumber - span.First.DayNumber + 1;
        if (days <= Most)
        {
            return new(DayInterval.Day, 1, [.. Enumerable.Range(0, days).Select(span.First.AddDays)]);
        }

        int months = Month(span.Last) - Month(span.First) + 1;
        if (months <= Most)
        {
            var first = new DateOnly(span.First.Year, span.First.Month, 1);
            return new(DayInterval.Month, 1, [.. Enumerable.Range(0, months).Select(first.AddMonths)]);
        }

        int step = ((int[])[1, 2, 5, 10, 20, 50, 100, 200, 500]).First(s => (span.Last.Year / s) - (span.First.Year / s) < MostYears);
        var starts = new List<DateOnly>();
        for (int year = span.First.Year / step * step; year <= span.Last.Year; year += step)
        {
            starts.Add(new(Math.Max(1, year), 1, 1));
        }

        return new(DayInterval.Year, step, starts);
    }

    /// <summary>
    /// What the database counted, put into the intervals; an interval without rows has 0, and days
    /// outside the span count at its end.
    /// </summary>
    public IReadOnlyList<long> Fold(IEnumerable<DayCount> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var folded = new long[Starts.Count];
        foreach (DayCount count in counts)
        {
            int after = Starts.TakeWhile(s => s <= count.First).Count();
            folded[Math.Max(0, after - 1)] += count.Count;
        }

        return folded;
    }

    /// <summary>An interval for people: <c>5 Jan 2024</c>, <c>Jan 2024</c>, <c>2024</c>, <c>2020 to 2024</c>.</summary>
    public string Describe(int index)
    {
        DateOnly start = Starts[index];
        return Interval switch
        {
            DayInterval.Day => start.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
            DayInterval.Month => start.ToString("MMM yyyy", CultureInfo.InvariantCulture),
            _ when Years == 1 => Year(start.Year),
            _ => $"{Year(start.Year)} to {Year(Math.Min(9999, (start.Year / Years * Years) + Years - 1))}",
        };
    }

    /// <summary>Which intervals an axis may name, from all of them to ever fewer, always at round ones.</summary>
    public IEnumerable<IReadOnlyList<AxisLabel>> Labels() => Interval switch
    {
        DayInterval.Day => ((int[])[1, 2, 7, 14, 28]).Select(step => Every((_, i) => i % step == 0, "d MMM")),
        DayInterval.Month => ((int[])[1, 2, 3, 6, 12, 24, 60]).Select(step => Every((d, _) => (Month(d) % step) == 0, "MMM yyyy")),
        _ => ((int[])[1, 2, 5, 10, 20, 50])
            .Select(step => Every((d, i) => d.Year / Years % step == 0 || (i == 0 && d.Year < Years), "yyyy")),
    };

    private IReadOnlyList<AxisLabel> Every(Func<DateOnly, int, bool> which, string format) =>
        [.. Starts.Select((day, index) => (day, index)).Where(s => which(s.day, s.index)).Select(s => new AxisLabel(
            (s.index + 0.5) / Starts.Count, format == "yyyy" ? Year(s.day.Year) : s.day.ToString(format, CultureInfo.InvariantCulture)))];

    private static string Year(int year) => year.ToString(CultureInfo.InvariantCulture);

    private static int Month(DateOnly day) => (day.Year * 12) + day.Month - 1;
}
