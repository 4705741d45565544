using Chard.Functions.Imports.Rules;
using System.Globalization;
using Chard.Functions.Reports.Charts;
using Chard.Functions.Reports.Html;

namespace Chard.Functions.Reports.Sections;

/// <summary>How many rows fall into each day, month or year of a date column.</summary>
internal static class TimelineSection
{
    // With more of them, bars are too thin to be told apart. A line, though, tells of what lies between its points: where many
    // intervals are empty, bars say it better.
    private const int MostBars = 14;
    private const int MostEmptyOfLine = 5;

    public static async Task<string> DrawAsync(GenerateSectionArgs args, IReportData data, CancellationToken cancellationToken)
    {
        ColumnProfile column = args.Columns[0];
        if (await data.SpanAsync(args.Table, column.Name, cancellationToken) is not { } span)
        {
            return SectionCard.Open(args, "Dates").Close("The column has no values.");
        }

        var scale = TimelineScale.Of(span);
        IReadOnlyList<long> counts = scale.Fold(await data.CountByAsync(args.Table, column.Name, scale.Interval, cancellationToken));
        ChartColumn[] columns = [.. counts.Select((count, i) => new ChartColumn(scale.Describe(i), count))];
        ChartColumn most = columns.MaxBy(c => c.Count)!;
        string unit = Unit(scale);
        MarkupWriter writer = SectionCard.Open(args, $"Dates{(column.Type == ColumnType.TimestampTz ? " in UTC" : "")}, rows per {unit}");
        writer.Facts(("First", Day(span.First)), ("Last", Day(span.Last)), ("Busiest", most.Name), ("Empty", SectionCard.Empty(args)));
        var words = new ChartWords(
            SectionCard.IdOf(args.Position), $"Rows over time, by {column.Name}",
            $"Rows per {unit} from {columns[0].Name} to {columns[^1].Name}. The most are in {most.Hint(counts.Sum())}.");
        writer.Chart(size =>
        {
            if (columns.Length <= MostBars || counts.Count(c => c == 0) > columns.Length / MostEmptyOfLine)
            {
                ColumnChart.Draw(writer, size, words, columns, scale.Labels(), gap: 0.25);
            }
            else
            {
                AreaChart.Draw(writer, size, words, columns, scale.Labels());
            }
        });
        return writer.Close(null);
    }

    private static string Unit(TimelineScale scale) => scale.Interval switch
    {
        DayInterval.Day => "day",
        DayInterval.Month => "month",
        _ => scale.Years == 1 ? "year" : string.Create(CultureInfo.InvariantCulture, $"{scale.Years} years"),
    };

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
