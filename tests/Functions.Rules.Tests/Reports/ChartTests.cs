using System.Globalization;
using System.Xml.Linq;
using Chard.Functions.Reports.Charts;
using Chard.Functions.Reports.Html;

namespace Chard.Functions.Tests.Reports;

/// <summary>Charts as drawings: well-formed, named, all of it within its bounds, words apart.</summary>
public sealed class ChartTests
{
    private static readonly ChartWords Words = new("s1", "Rows by <month> & \"day\"", "12 bars.");
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static IEnumerable<object[]> Cases =>
        from chart in (string[])["columns", "area", "bars"]
        from data in (string[])["empty", "one", "zero", "many", "huge", "long"]
        where chart == "bars" || data != "long" // what is written below columns is the chart's own and short
        select (object[])[chart, data];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Draw_AnyData_IsNamedFiniteAndWithinItsBounds(string chart, string data)
    {
        foreach (ChartSize size in ChartSize.All)
        {
            XElement drawing = Draw(chart, size, Data(data));

            Assert.Equal("img", drawing.Attribute("role")!.Value);
            Assert.Equal(
                drawing.Attribute("aria-labelledby")!.Value.Split(' '), drawing.Elements().Take(2).Select(e => e.Attribute("id")!.Value));
            Assert.Equal((Words.Title, Words.Description), (drawing.Element(Svg + "title")!.Value, drawing.Element(Svg + "desc")!.Value));
            Assert.DoesNotContain("NaN", drawing.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("∞", drawing.ToString(), StringComparison.Ordinal);
            double[] view = [.. drawing.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
            (double Left, double Top, double Right, double Bottom)[] boxes = [.. drawing.Descendants(Svg + "text").Select(Box)];
            Assert.All(boxes, b => Assert.True(b.Left >= -0.5 && b.Right <= view[2] + 0.5 && b.Top >= 0
                && b.Bottom <= view[3], $"{b} is not within {view[2]} x {view[3]}"));
            for (int i = 0; i < boxes.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    Assert.False(
                        boxes[i].Left < boxes[j].Right && boxes[j].Left < boxes[i].Right && boxes[i].Top < boxes[j].Bottom
                            && boxes[j].Top < boxes[i].Bottom,
                        $"{drawing.Descendants(Svg + "text").ElementAt(i)} overlaps {drawing.Descendants(Svg + "text").ElementAt(j)}");
                }
            }
        }
    }

    [Fact]
    public void Draw_LongName_IsCutAndTheWholeNameIsInTheTitle()
    {
        string name = new('w', 200);

        XElement row = Draw("bars", ChartSize.Narrow, [new(name, 3)]).Element(Svg + "g")!;

        Assert.Equal($"{name}: 3 rows (100%)", row.Element(Svg + "title")!.Value);
        Assert.EndsWith("…", row.Elements(Svg + "text").First().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_SmallBesideHuge_IsStillToBeSeen()
    {
        XElement[] bars = [.. Draw("bars", ChartSize.Wide, [new("a", 1_000_000), new("b", 1)]).Descendants(Svg + "rect")];

        Assert.True(Number(bars[1].Attribute("width")!.Value) >= 1);
    }

    [Fact]
    public void Draw_Columns_AreAsHighAsTheirCounts()
    {
        XElement[] bars = [.. Draw("columns", ChartSize.Wide, [new("a", 10), new("b", 0), new("c", 5)]).Descendants(Svg + "path")];

        Assert.Equal(2, bars.Length);
        Assert.Equal(2.0, Height(bars[0]) / Height(bars[1]), 0.05);

        static double Height(XElement bar) => 3 - Number(bar.Attribute("d")!.Value.Split('v')[1].Split('q')[0]);
    }

    private static XElement Draw(string chart, ChartSize size, ChartColumn[] data)
    {
        var writer = new MarkupWriter();
        AxisLabel[] all = [.. data.Select((c, i) => new AxisLabel((i + 0.5) / data.Length, c.Name))];
        IReadOnlyList<AxisLabel>[] labels = [all, [.. all.Where((_, i) => i % 3 == 0)]];
        switch (chart)
        {
            case "columns":
                ColumnChart.Draw(writer, size, Words, data, labels, 0.1);
                break;
            case "area":
                AreaChart.Draw(writer, size, Words, data, labels);
                break;
            default:
                BarChart.Draw(writer, size, Words, data, data.Sum(c => c.Count));
                break;
        }

        return XElement.Parse(writer.ToString());
    }

    private static ChartColumn[] Data(string name) => name switch
    {
        "empty" => [],
        "one" => [new("only", 7)],
        "zero" => [new("a", 0), new("b", 0)],
        "many" => [.. Enumerable.Range(0, 62).Select(i => new ChartColumn($"May {i}", (i * 7919) % 101))],
        "huge" => [new("a", 900_000_000_000_000), new("b", 1), new("c", 123_456_789)],
        _ => [new(new string('W', 40), 5), new("x", 4), new("<b>bold</b>", 3), new("rest", 2, IsRest: true)],
    };

    /// <summary>Where a text is, by the estimate that the charts are made with.</summary>
    private static (double Left, double Top, double Right, double Bottom) Box(XElement text)
    {
        double width = TextFit.Width(text.Value, 12);
        double x = Number(text.Attribute("x")!.Value);
        double y = Number(text.Attribute("y")!.Value);
        double left = text.Attribute("class")!.Value.Split(' ')[0] switch { "mid" => x - (width / 2), "end" => x - width, _ => x };
        return (left, y - 10, left + width, y + 3);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
