using Chard.Functions.Reports.Charts;
using Chard.Functions.Reports.Html;

namespace Chard.Functions.Reports.Sections;

/// <summary>The most frequent values of a text column, and all others together.</summary>
internal static class ValuesSection
{
    /// <summary>How many values get a bar of their own.</summary>
    public const int Most = 10;

    public static async Task<string> DrawAsync(GenerateSectionArgs args, IReportData data, CancellationToken cancellationToken)
    {
        ColumnProfile column = args.Columns[0];
        TopValues top = await data.TopAsync(args.Table, column.Name, Most, cancellationToken);
        MarkupWriter writer = SectionCard.Open(args, "Text, most frequent values");
        if (top.Values.Count == 0)
        {
            return writer.Close("The column has no values.");
        }

        long rest = top.Count - top.Values.Sum(v => v.Count);
        ChartColumn[] bars = [.. top.Values.Select(v => new ChartColumn(Shown(v.Text), v.Count))];
        if (rest > 0)
        {
            long others = top.Distinct - top.Values.Count;
            bars = [.. bars, new ChartColumn(others == 1 ? "1 other" : $"{NumberText.Count(others)} others", rest, IsRest: true)];
        }

        writer.Facts(
            ("Different values", NumberText.Count(top.Distinct)), ("Most frequent", TextFit.Cut(Shown(top.Values[0].Text), 16, 1)),
            ("Empty", SectionCard.Empty(args)));
        var words = new ChartWords(
            SectionCard.IdOf(args.Position), $"Most frequent values of {column.Name}",
            $"{top.Values.Count} of {NumberText.Count(top.Distinct)} different values. The most frequent is {bars[0].Hint(top.Count)}.");
        writer.Chart(size => BarChart.Draw(writer, size, words, bars, top.Count));
        return writer.Close(null);
    }

    // One line, and something to see where the text is blank.
    private static string Shown(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? "(blank)" : line;
    }
}
