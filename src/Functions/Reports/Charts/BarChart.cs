using Chard.Functions.Reports.Html;
using static Chard.Functions.Reports.Html.MarkupWriter;

namespace Chard.Functions.Reports.Charts;

/// <summary>Bars below each other, each with its name at the left and its count at its end.</summary>
public static class BarChart
{
    private const double RowHeight = 24;
    private const double Thickness = 14;
    private const double Top = 4;
    private const double Bottom = 26;
    private const double Gap = 8;

    /// <summary>Draws the chart, as high as it has bars.</summary>
    /// <param name="writer">Takes the drawing.</param>
    /// <param name="size">For what place.</param>
    /// <param name="words">What it says to who cannot see it.</param>
    /// <param name="bars">The bars, from the top. Names that are too long are cut; pointing at them shows all.</param>
    /// <param name="total">What their shares are of.</param>
    public static void Draw(MarkupWriter writer, ChartSize size, ChartWords words, IReadOnlyList<ChartColumn> bars, long total)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(bars);
        double height = Top + (bars.Count * RowHeight) + Bottom;
        ChartFrame.OpenDrawing(writer, size, words, height);
        string[] ends = [.. bars.Select(b => $"{NumberText.Count(b.Count)} · {NumberText.Share(b.Count, total)}")];
        double names = Math.Min(size.Width * 0.36, bars.Select(b => TextFit.Width(b.Name, ChartFrame.FontSize)).DefaultIfEmpty(0).Max());
        double left = names + Gap;
        double width = size.Width - left - Gap - ends.Select(e => TextFit.Width(e, ChartFrame.FontSize)).DefaultIfEmpty(0).Max();
        long most = Math.Max(1, bars.Select(b => b.Count).DefaultIfEmpty(0).Max());
        Grid(writer, most, left, width, Top + (bars.Count * RowHeight));
        for (int i = 0; i < bars.Count; i++)
        {
            double middle = Top + ((i + 0.5) * RowHeight);
            double length = bars[i].Count == 0 ? 0 : Math.Max(1.5, (double)bars[i].Count / most * width);
            writer.Open("g").Element("title", bars[i].Hint(total))
                .Element(
                    "text", TextFit.Cut(bars[i].Name, names, ChartFrame.FontSize), ("class", bars[i].IsRest ? "end" : "end name"),
                    ("x", Number(names)), ("y", Number(middle + 4)))
                .Empty(
                    "rect", ("class", bars[i].IsRest ? "bar rest" : "bar"), ("x", Number(left)), ("y", Number(middle - (Thickness / 2))),
                    ("width", Number(length)), ("height", Number(Thickness)), ("rx", Number(Math.Min(3, length / 2))))
                .Element("text", ends[i], ("class", "value"), ("x", Number(left + length + Gap)), ("y", Number(middle + 4)))
                .Close();
        }

        writer.Empty(
            "line", ("class", "axis"), ("x1", Number(left)), ("x2", Number(left)), ("y1", Number(Top)), ("y2", Number(height - Bottom)))
            .Close();
    }

    // The longest bar takes the whole width, so the axis ends with it and not at a nice number.
    private static void Grid(MarkupWriter writer, long most, double left, double width, double bottom)
    {
        NiceScale scale = NiceScale.Of(0, most, 4, smallest: 1);
        double[] ticks = [.. scale.Ticks.Where(t => t <= most)];
        foreach (double tick in ticks.Skip(1))
        {
            string x = Number(left + (tick / most * width));
            writer.Empty("line", ("class", "grid"), ("x1", x), ("x2", x), ("y1", Number(Top)), ("y2", Number(bottom)));
        }

        AxisLabel[] labels = [.. ticks.Select(t => new AxisLabel(t / most, NumberText.Tick(t, scale.Step, scale.Max)))];
        foreach (AxisLabel label in AxisLabel.Pick(
            [labels, [.. labels.Where((_, i) => i % 2 == 0)], [labels[0], labels[^1]]], width, ChartFrame.FontSize))
        {
            writer.Element("text", label.Text, ("class", "mid"), ("x", Number(left + (label.At * width))), ("y", Number(bottom + 18)));
        }
    }
}
