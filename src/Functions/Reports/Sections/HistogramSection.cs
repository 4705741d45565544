using Chard.Functions.Imports.Rules;
using Chard.Functions.Reports.Charts;
using Chard.Functions.Reports.Html;

namespace Chard.Functions.Reports.Sections;

/// <summary>How the numbers of a column are spread.</summary>
internal static class HistogramSection
{
    public static async Task<string> DrawAsync(GenerateSectionArgs args, IReportData data, CancellationToken cancellationToken)
    {
        ColumnProfile column = args.Columns[0];
        bool whole = column.Type == ColumnType.Integer;
        MarkupWriter writer = SectionCard.Open(args, whole ? "Whole numbers, rows in each range" : "Numbers, rows in each range");
        if (await data.SummarizeAsync(args.Table, column.Name, cancellationToken) is not { } summary)
        {
            return writer.Close("The column has no values.");
        }

        writer.Facts(
            ("Lowest", NumberText.Value(summary.Lowest)), ("Mean", NumberText.Value(summary.Mean)),
            ("Highest", NumberText.Value(summary.Highest)), ("Empty", SectionCard.Empty(args)));
        if (summary.Lowest == summary.Highest)
        {
            return writer.Close($"Every value is {NumberText.Value(summary.Lowest)}.");
        }

        var bins = HistogramBins.Of(summary.Lowest, summary.Highest, whole);
        IReadOnlyList<long> counts = await data.CountBetweenAsync(args.Table, column.Name, bins.Bounds, cancellationToken);
        ChartColumn[] columns = [.. counts.Select((count, bin) => new ChartColumn(bins.Describe(bin, whole), count))];
        ChartColumn most = columns.MaxBy(c => c.Count)!;
        var words = new ChartWords(
            SectionCard.IdOf(args.Position), $"Histogram of {column.Name}",
            $"{columns.Length} ranges from {NumberText.Value(bins.Edges[0])} to {NumberText.Value(bins.Edges[^1])}. The most "
                + $"rows are in {most.Hint(counts.Sum())}.");
        writer.Chart(size => ColumnChart.Draw(writer, size, words, columns, Labels(bins), gap: 0.08));
        return writer.Close(null);
    }

    /// <summary>What may be written below the bars: the edges at nice numbers, or each bar's one number in its middle.</summary>
    private static IEnumerable<IReadOnlyList<AxisLabel>> Labels(HistogramBins bins)
    {
        double first = bins.Edges[0];
        double last = bins.Edges[^1];
        double shift = bins.AreSingleValues ? 0.5 : 0;
        foreach (int about in (int[])[20, 10, 6, 4, 2, 1])
        {
            NiceScale scale = NiceScale.Of(first, last, about, bins.AreSingleValues ? 1 : 0);
            AxisLabel[] labels = [.. scale.Ticks
                .Where(t => t >= first && t <= last)
                .Select(t => new AxisLabel(
                    Share(t + shift), NumberText.Tick(t, scale.Step, Math.Max(Math.Abs(scale.Min), Math.Abs(scale.Max)))))
                .Where(l => l.At <= 1)];
            yield return labels;
        }

        double Share(double value) => ((value / 2) - (first / 2)) / ((last / 2) - (first / 2));
    }
}
