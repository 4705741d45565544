using Chard.Functions.Reports;
using Chard.Functions.Reports.Charts;

namespace Chard.Functions.Tests.Reports;

public sealed class TimelineScaleTests
{
    [Theory]
    [InlineData("2024-02-28", "2024-03-01", DayInterval.Day, 1, 3)]
    [InlineData("2024-01-01", "2024-03-02", DayInterval.Day, 1, 62)]
    [InlineData("2024-01-15", "2025-06-30", DayInterval.Month, 1, 18)]
    [InlineData("2015-01-01", "2024-12-31", DayInterval.Year, 1, 10)]
    [InlineData("1815-12-10", "1939-11-07", DayInterval.Year, 5, 25)]
    [InlineData("0001-01-01", "9999-12-31", DayInterval.Year, 500, 20)]
    public void Of_Span_TakesTheFinestIntervalsThatAreNotTooMany(string first, string last, DayInterval interval, int years, int count)
    {
        var scale = TimelineScale.Of(Span(first, last));

        Assert.Equal((interval, years, count), (scale.Interval, scale.Years, scale.Starts.Count));
        Assert.InRange(scale.Starts.Count, 1, TimelineScale.Most);
        Assert.Equal(scale.Starts.Order(), scale.Starts);
    }

    [Fact]
    public void Fold_Counts_FallIntoTheirIntervalsAndTheOthersAreZero()
    {
        var scale = TimelineScale.Of(Span("1815-12-10", "1835-01-01"));

        IReadOnlyList<long> folded = scale.Fold(
            [new(new(1815, 1, 1), 1), new(new(1834, 1, 1), 2), new(new(1835, 1, 1), 3), new(new(1900, 1, 1), 4)]);

        Assert.Equal(21, scale.Starts.Count);
        Assert.Equal((1, 2, 7), (folded[0], folded[^2], folded[^1]));
        Assert.Equal(10, folded.Sum());
    }

    [Fact]
    public void Labels_AreEverFewerAndAtRoundIntervals()
    {
        var scale = TimelineScale.Of(Span("2023-02-01", "2025-01-31"));

        Assert.Equal([24, 12, 8, 4, 2, 1, 1], scale.Labels().Select(l => l.Count));
        Assert.Equal(["Jan 2024", "Jan 2025"], scale.Labels().ElementAt(4).Select(l => l.Text));
    }

    [Theory]
    [InlineData("2024-01-01", "2024-01-03", "1 Jan 2024")]
    [InlineData("2024-01-01", "2025-01-03", "Jan 2024")]
    [InlineData("1800-01-01", "1939-01-03", "1800 to 1804")]
    public void Describe_Interval_IsNamedAsPeopleDo(string first, string last, string name) =>
        Assert.Equal(name, TimelineScale.Of(Span(first, last)).Describe(0));

    private static DaySpan Span(string first, string last) =>
        new(DateOnly.Parse(first, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(
            last, System.Globalization.CultureInfo.InvariantCulture));
}
