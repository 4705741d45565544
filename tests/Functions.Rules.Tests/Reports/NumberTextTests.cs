using Chard.Functions.Reports.Charts;

namespace Chard.Functions.Tests.Reports;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234567, "1,234,567")]
    [InlineData(-1234, "−1,234")]
    public void Count_HasCommasBetweenThousands(long value, string text) => Assert.Equal(text, NumberText.Count(value));

    [Theory]
    [InlineData(0, 10, "0%")]
    [InlineData(10, 10, "100%")]
    [InlineData(1, 8, "12.5%")]
    [InlineData(1, 10, "10.0%")]
    [InlineData(1, 100_000, "<0.1%")]
    [InlineData(99_999, 100_000, ">99.9%")]
    [InlineData(1, 0, "0%")]
    public void Share_IsNeverRoundedToNothingOrAll(long part, long whole, string text) => Assert.Equal(text, NumberText.Share(part, whole));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234.5678, "1,234.57")]
    [InlineData(-0.012345, "−0.0123")]
    [InlineData(0.00000123, "1.23e−6")]
    [InlineData(1.5e18, "1.5e18")]
    [InlineData(double.PositiveInfinity, "—")]
    public void Value_HasTheDigitsThatSaySomething(double value, string text) => Assert.Equal(text, NumberText.Value(value));

    [Theory]
    [InlineData(1500, 500, 2000, "1,500")]
    [InlineData(0.25, 0.05, 0.5, "0.25")]
    [InlineData(2_500_000, 500_000, 3_000_000, "2.5M")]
    [InlineData(-4e9, 2e9, 4e9, "−4B")]
    [InlineData(500_000, 500_000, 2_000_000, "0.5M")]
    [InlineData(2e18, 1e18, 4e18, "2e18")]
    public void Tick_IsAsShortAsItsNeighboursLetIt(double value, double step, double greatest, string text) =>
        Assert.Equal(text, NumberText.Tick(value, step, greatest));
}
