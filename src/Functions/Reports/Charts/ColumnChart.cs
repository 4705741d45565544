using Chard.Functions.Reports.Html;
using static Chard.Functions.Reports.Html.MarkupWriter;

namespace Chard.Functions.Reports.Charts;

/// <summary>Upright bars side by side: a histogram, or counts over time.</summary>
public static class ColumnChart
{
    /// <summary>Draws the chart.</summary>
    /// <param name="writer">Takes the drawing.</param>
    /// <param name="size">For what place.</param>
    /// <param name="words">What it says to who cannot see it.</param>
    /// <param name="columns">The bars, from the left.</param>
    /// <param name="labels">What may be written below, from all words to ever fewer.</param>
    /// <param name="gap">Which part of a bar's place stays free, 0 to 1.</param>
    public static void Draw(
        MarkupWriter writer,
        ChartSize size,
        ChartWords words,
        IReadOnlyList<ChartColumn> columns,
        IEnumerable<IReadOnlyList<AxisLabel>> labels,
        double gap)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(columns);
        ChartFrame frame = ChartFrame.Open(writer, size, words, columns);
        long total = columns.Sum(c => c.Count);
        double place = frame.Width / Math.Max(1, columns.Count);
        double width = Math.Min(place * (1 - gap), 64);
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Count > 0)
            {
                // What is there is to be seen, however little it is.
                double height = Math.Max(1.5, frame.Base - frame.Y(columns[i].Count));
                writer.Open(
                    "path", ("class", "bar"), ("d", Bar(frame.Left + (i * place) + ((place - width) / 2), frame.Base, width, height)))
                    .Element("title", columns[i].Hint(total)).Close();
            }
        }

        frame.Axis(labels);
        writer.Close();
    }

    private static string Bar(double x, double y, double width, double height)
    {
        double r = Math.Min(3, Math.Min(width / 3, height));
        return $"M{Number(x)} {Number(y)}v{Number(r - height)}q0 {Number(-r)} {Number(r)} "
            + $"{Number(-r)}h{Number(width - (2 * r))}q{Number(r)} 0 {Number(r)} {Number(r)}v{Number(height - r)}z";
    }
}
