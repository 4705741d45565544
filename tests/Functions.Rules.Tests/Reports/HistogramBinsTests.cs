using Chard.Functions.Reports.Charts;

namespace Chard.Functions.Tests.Reports;

public sealed class HistogramBinsTests
{
    [Fact]
    public void Of_FewIntegers_EachHasABinOfItsOwn()
    {
        var bins = HistogramBins.Of(1, 5, whole: true);

        Assert.True(bins.AreSingleValues);
        Assert.Equal([1, 2, 3, 4, 5, 6], bins.Edges);
        Assert.Equal([2, 3, 4, 5], bins.Bounds);
        Assert.Equal("5", bins.Describe(4, whole: true));
    }

    [Fact]
    public void Of_ManyIntegers_BinsHoldTheirBeginningAndNotTheirEnd()
    {
        var bins = HistogramBins.Of(0, 100, whole: true);

        Assert.Equal("0 to 9", bins.Describe(0, whole: true));
        Assert.Equal("100 to 109", bins.Describe(bins.Count - 1, whole: true));
    }

    [Fact]
    public void Of_Reals_EndWithTheGreatest()
    {
        var bins = HistogramBins.Of(-0.5, 0.5, whole: false);

        Assert.Equal(-0.5, bins.Edges[0]);
        Assert.Equal(0.5, bins.Edges[^1]);
        Assert.Equal("−0.5 to −0.4", bins.Describe(0, whole: false));
    }

    [Theory]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MaxValue - 1, long.MaxValue)]
    [InlineData(-3, -3 + (1L << 53))]
    public void Of_HugeIntegers_AreABoundedNumberOfBins(long lowest, long highest)
    {
        if ((double)lowest == highest)
        {
            return; // one value to a double: such a section has no chart
        }

        var bins = HistogramBins.Of(lowest, highest, whole: true);

        Assert.InRange(bins.Count, 1, 40);
        Assert.True(bins.Edges[0] <= lowest && bins.Edges[^1] >= highest);
    }

    [Fact]
    public void Of_TheWholeRangeOfDoubles_AreABoundedNumberOfBins()
    {
        var bins = HistogramBins.Of(double.MinValue, double.MaxValue, whole: false);

        Assert.InRange(bins.Count, 1, 40);
        Assert.All(bins.Edges, e => Assert.True(double.IsFinite(e)));
    }
}
