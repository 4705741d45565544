using Chard.Functions.Reports.Html;
using static Chard.Functions.Reports.Html.MarkupWriter;

namespace Chard.Functions.Reports.Charts;

/// <summary>
/// What charts that stand on a horizontal axis have in common: the drawing, the grid of counts at their left, the words below.
/// </summary>
internal sealed class ChartFrame
{
    /// <summary>Size of all words in a chart, in its units; the style sheet says the same.</summary>
    public const double FontSize = 12;

    private const double Top = 12;
    private const double Right = 16;
    private const double Bottom = 30;
    private readonly MarkupWriter _writer;
    private readonly ChartSize _size;
    private readonly NiceScale _counts;
    private readonly string[] _ticks;

    private ChartFrame(MarkupWriter writer, ChartSize size, long most)
    {
        _writer = writer;
        _size = size;
        _counts = NiceScale.Of(0, Math.Max(1, most), 4, smallest: 1);
        _ticks = [.. _counts.Ticks.Select(t => NumberText.Tick(t, _counts.Step, _counts.Max))];
        Left = 10 + _ticks.Max(t => TextFit.Width(t, FontSize));
    }

    /// <summary>Where the plot begins.</summary>
    public double Left { get; }

    /// <summary>How wide the plot is.</summary>
    public double Width => _size.Width - Left - Right;

    /// <summary>Where the axis is.</summary>
    public double Base => _size.Height - Bottom;

    /// <summary>Where the plot ends above.</summary>
    public static double Ceiling => Top;

    /// <summary>Begins a drawing, which the caller closes.</summary>
    public static ChartFrame Open(MarkupWriter writer, ChartSize size, ChartWords words, IReadOnlyList<ChartColumn> columns)
    {
        OpenDrawing(writer, size, words, size.Height);
        var frame = new ChartFrame(writer, size, columns.Count == 0 ? 0 : columns.Max(c => c.Count));
        frame.Grid();
        return frame;
    }

    /// <summary>Begins a drawing of any height.</summary>
    public static void OpenDrawing(MarkupWriter writer, ChartSize size, ChartWords words, double height)
    {
        string id = $"{words.Id}-{size.Name}";
        writer
            .Open(
                "svg", ("xmlns", "http://www.w3.org/2000/svg"), ("class", size.Name),
                ("viewBox", $"0 0 {Number(size.Width)} {Number(height)}"), ("role", "img"),
                ("aria-labelledby", $"{id}-t {id}-d"))
            .Element("title", words.Title, ("id", id + "-t"))
            .Element("desc", words.Description, ("id", id + "-d"));
    }

    /// <summary>How high a count stands.</summary>
    public double Y(double count) => Base - (count / _counts.Max * (Base - Top));

    /// <summary>Draws the axis and the words below it.</summary>
    public void Axis(IEnumerable<IReadOnlyList<AxisLabel>> candidates)
    {
        _writer.Empty(
            "line", ("class", "axis"), ("x1", Number(Left)), ("x2", Number(Left + Width)), ("y1", Number(Base)), ("y2", Number(Base)));
        foreach (AxisLabel label in AxisLabel.Pick(candidates, Width, FontSize))
        {
            double half = TextFit.Width(label.Text, FontSize) / 2;
            double x = Math.Clamp(
                Left + (label.At * Width), Math.Min(half, _size.Width / 2), Math.Max(_size.Width - half, _size.Width / 2));
            _writer.Element("text", label.Text, ("class", "mid"), ("x", Number(x)), ("y", Number(Base + 21)));
        }
    }

    private void Grid()
    {
        for (int i = 0; i < _ticks.Length; i++)
        {
            string y = Number(Y(_counts.Ticks[i]));
            if (i > 0)
            {
                _writer.Empty("line", ("class", "grid"), ("x1", Number(Left)), ("x2", Number(Left + Width)), ("y1", y), ("y2", y));
            }

            _writer.Element("text", _ticks[i], ("class", "end"), ("x", Number(Left - 8)), ("y", Number(Y(_counts.Ticks[i]) + 4)));
        }
    }
}
