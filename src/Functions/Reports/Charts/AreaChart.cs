using System.Text;
using Chard.Functions.Reports.Html;
using static Chard.Functions.Reports.Html.MarkupWriter;

namespace Chard.Functions.Reports.Charts;

/// <summary>A line over the area below it: counts over time, where bars would be too thin.</summary>
public static class AreaChart
{
    /// <summary>Draws the chart.</summary>
    /// <param name="writer">Takes the drawing.</param>
    /// <param name="size">For what place.</param>
    /// <param name="words">What it says to who cannot see it.</param>
    /// <param name="points">The points, from the left, at the middles of equal places.</param>
    /// <param name="labels">What may be written below, from all words to ever fewer.</param>
    public static void Draw(
        MarkupWriter writer,
        ChartSize size,
        ChartWords words,
        IReadOnlyList<ChartColumn> points,
        IEnumerable<IReadOnlyList<AxisLabel>> labels)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(points);
        ChartFrame frame = ChartFrame.Open(writer, size, words, points);
        double place = frame.Width / Math.Max(1, points.Count);
        if (points.Count > 0)
        {
            var line = new StringBuilder();
            for (int i = 0; i < points.Count; i++)
            {
                line.Append(i == 0 ? 'M' : 'L').Append(Number(X(i))).Append(' ').Append(Number(frame.Y(points[i].Count)));
            }

            writer.Empty(
                "path", ("class", "area"),
                ("d", $"{line}L{Number(X(points.Count - 1))} {Number(frame.Base)}L{Number(X(0))} {Number(frame.Base)}Z"));
            writer.Empty("path", ("class", "line"), ("d", line.ToString()));
        }

        Points(writer, frame, points, place);
        frame.Axis(labels);
        writer.Close();

        double X(int index) => frame.Left + ((index + 0.5) * place);
    }

    // A dot each, and a place around it that is easy to point at.
    private static void Points(MarkupWriter writer, ChartFrame frame, IReadOnlyList<ChartColumn> points, double place)
    {
        long total = points.Sum(p => p.Count);
        for (int i = 0; i < points.Count; i++)
        {
            writer.Open("g", ("class", "point"))
                .Element("title", points[i].Hint(total))
                .Empty(
                    "rect", ("x", Number(frame.Left + (i * place))), ("y", Number(ChartFrame.Ceiling)), ("width", Number(place)),
                    ("height", Number(frame.Base - ChartFrame.Ceiling)))
                .Empty("circle", ("cx", Number(frame.Left + ((i + 0.5) * place))), ("cy", Number(frame.Y(points[i].Count))), ("r", "3"))
                .Close();
        }
    }
}
