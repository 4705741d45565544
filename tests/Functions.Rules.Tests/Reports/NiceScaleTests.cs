using Chard.Functions.Reports.Charts;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Chard.Functions.Tests.Reports;

public sealed class NiceScaleTests
{
    [Theory]
    [InlineData(0, 97, 4, "0 50 100")]
    [InlineData(0, 100, 4, "0 50 100")]
    [InlineData(3, 17, 5, "0 5 10 15 20")]
    [InlineData(-7, 4, 4, "-10 -5 0 5")]
    [InlineData(0.1, 0.3, 2, "0.1 0.2 0.3")]
    [InlineData(0, 0.0007, 4, "0 0.0002 0.0004 0.0006 0.0008")]
    [InlineData(1e18, 3e18, 4, "1E+18 1.5E+18 2E+18 2.5E+18 3E+18")]
    public void Of_Range_HasTicksThatPeopleWouldWrite(double min, double max, int about, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', NiceScale.Of(min, max, about).Ticks));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 3)]
    [InlineData(2, 2)]
    public void Of_Counts_HasWholeTicksOnly(double min, double max) =>
        Assert.All(NiceScale.Of(min, max, 10, smallest: 1).Ticks, t => Assert.Equal(Math.Floor(t), t));

    [Theory]
    [InlineData(0)]
    [InlineData(-273.15)]
    [InlineData(1e300)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(5e-324)]
    public void Of_OneValue_HoldsIt(double value)
    {
        var scale = NiceScale.Of(value, value, 5);

        Assert.True(scale.Min <= value && value <= scale.Max);
        Assert.True(scale.Min < scale.Max);
    }

    [Fact]
    public void Of_NeighbouringDoubles_HoldsBoth()
    {
        double next = Math.BitIncrement(1e15);

        Assert.Equal([1e15, next], NiceScale.Of(1e15, next, 16).Ticks);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(2, 1)]
    public void Of_NoRange_IsRefused(double min, double max) => Assert.Throws<ArgumentOutOfRangeException>(() => NiceScale.Of(min, max, 4));

    [Property(MaxTest = 2000)]
    public Property Of_AnyRange_IsCoveredByFewAscendingTicksOfOneStep() => Prop.ForAll(Ranges(), range =>
    {
        var scale = NiceScale.Of(range.Min, range.Max, range.About);
        double slack = scale.Step * 1e-6;

        Assert.InRange(scale.Ticks.Count, 2, (2 * range.About) + 3);
        Assert.All(scale.Ticks, t => Assert.True(double.IsFinite(t)));
        Assert.True(scale.Min <= range.Min + slack && scale.Max >= range.Max - slack, $"{scale.Min} to {scale.Max} does not hold {range}");
        Assert.Equal(scale.Ticks.Order(), scale.Ticks);
        Assert.Equal(scale.Ticks.Distinct(), scale.Ticks);
    });

    [Property(MaxTest = 2000)]
    public Property Of_OrdinaryRange_StepsBy1Or2Or5() => Prop.ForAll(Ranges(), range =>
    {
        if (Math.Abs(range.Max - range.Min) is > 1e-6 and < 1e12 && Math.Max(Math.Abs(range.Min), Math.Abs(range.Max)) < 1e12)
        {
            double step = NiceScale.Of(range.Min, range.Max, range.About).Step;
            double digit = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
            Assert.Contains(Math.Round(digit, 6), (double[])[1, 2, 5, 10]);
        }
    });

    private static Arbitrary<(double Min, double Max, int About)> Ranges() => Arb.From(
        from first in Numbers()
        from second in Numbers()
        from about in Gen.Choose(1, 20)
        select (Math.Min(first, second), Math.Max(first, second), about));

    private static Gen<double> Numbers() =>
        from exponent in Gen.Frequency((6, Gen.Choose(-3, 8)), (2, Gen.Choose(-300, 307)))
        from digits in Gen.Choose(-10_000, 10_000)
        select digits / 1000.0 * Math.Pow(10, exponent) is var n && double.IsFinite(n) ? n : 0;
}
