using Chard.Platform;
using Microsoft.Extensions.Configuration;

namespace Chard.Functions.Tests.Operations;

/// <summary>How often the clock ticks: often where looking is free, seldom where each look is billed.</summary>
public sealed class ClockPeriodTests
{
    [Theory]
    [InlineData(null, null, "*/2 * * * * *")]
    [InlineData("WEBSITE_SITE_NAME", "func-chard", "*/15 * * * * *")]
    [InlineData("WEBSITE_INSTANCE_ID", "0a1b", "*/15 * * * * *")]
    [InlineData("WEBSITE_INSTANCE_ID", "", "*/2 * * * * *")]
    [InlineData("Chard:Clock", "30", "*/30 * * * * *")]
    [InlineData("Chard:Clock", "1", "*/1 * * * * *")]
    [InlineData("Chard:Clock", "60", "0 * * * * *")]
    public void In_Settings_GiveThePeriod(string? key, string? value, string cron) => Assert.Equal(cron, In(key, value).Cron);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("90")]
    [InlineData("-2")]
    [InlineData("1.5")]
    [InlineData("*/15 * * * * *")]
    public void In_NoDivisorOfAMinute_IsRefusedWithThoseThatAre(string value) => Assert.Equal(
        $"Chard:Clock is '{value}'; it must be the seconds from one tick to the next: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60.",
        Assert.Throws<InvalidOperationException>(() => In("Chard:Clock", value)).Message);

    private static ClockPeriod In(string? key, string? value) => ClockPeriod.In(
        new ConfigurationBuilder().AddInMemoryCollection(key is null ? [] : [new(key, value)]).Build());
}
