using System.Globalization;
using Chard.Domain.Schedules;

namespace Chard.Domain.Tests.Schedules;

public sealed class ScheduleCronTests
{
    [Theory]
    [InlineData("30 2 * * *", "UTC", "2026-03-28T12:00:00Z", "2026-03-29T02:30:00Z")]
    [InlineData("*/20 * * * * *", "UTC", "2026-03-28T12:00:20Z", "2026-03-28T12:00:40Z")] // six fields: the second first
    [InlineData("0 9 * * MON-FRI", "America/New_York", "2026-01-02T20:00:00Z", "2026-01-05T14:00:00Z")]
    [InlineData("0 0 29 2 *", "UTC", "2026-03-28T12:00:00Z", "2028-02-29T00:00:00Z")]
    public void Next_AnyTime_IsTheFirstAfterIt(string cron, string zone, string after, string next) =>
        Assert.Equal([At(next)], Ticks(cron, zone, after, 1));

    /// <summary>On 29 March 2026 clocks in Berlin go from 02:00 to 03:00, which is 01:00 UTC.</summary>
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T01:30:00Z 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z")] // at the first moment after the gap
    [InlineData("30 2,3 * * *", "2026-03-28T01:30:00Z 2026-03-28T02:30:00Z 2026-03-29T01:00:00Z 2026-03-29T01:30:00Z 2026-03-30T00:30:00Z")]
    [InlineData("0 2-3 * * *", "2026-03-28T01:00:00Z 2026-03-28T02:00:00Z 2026-03-29T01:00:00Z 2026-03-30T00:00:00Z")] // 02:00 and 03:00 are the same moment
    public void Next_SpringInBerlin_TakesLeftOutTimesAtTheEndOfTheGap(string cron, string ticks) =>
        Assert.Equal(ticks.Split(' ').Select(At), Ticks(cron, "Europe/Berlin", "2026-03-27T23:30:00Z", ticks.Split(' ').Length));

    /// <summary>On 25 October 2026 clocks in Berlin go from 03:00 back to 02:00, which is 01:00 UTC.</summary>
    [Theory]
    [InlineData("30 2 * * *", "2026-10-24T00:30:00Z 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z")] // the first of the two
    [InlineData("30 1-3 * * *", "2026-10-23T23:30:00Z 2026-10-24T00:30:00Z 2026-10-24T01:30:00Z 2026-10-24T23:30:00Z 2026-10-25T00:30:00Z 2026-10-25T02:30:00Z")]
    public void Next_AutumnInBerlin_TakesRepeatedTimesOnce(string cron, string ticks) =>
        Assert.Equal(ticks.Split(' ').Select(At), Ticks(cron, "Europe/Berlin", "2026-10-23T22:45:00Z", ticks.Split(' ').Length));

    [Fact]
    public void Next_FromWithinTheRepeatedHour_GoesOnAfterIt()
    {
        Assert.Equal([At("2026-10-25T02:00:00Z")], Ticks("*/10 * * * *", "Europe/Berlin", "2026-10-25T01:15:00Z", 1));
        Assert.Equal([At("2026-10-25T00:20:00Z")], Ticks("*/10 * * * *", "Europe/Berlin", "2026-10-25T00:15:00Z", 1));
    }

    [Fact]
    public void Next_HalfHourZone_TakesLeftOutTimesAtTheEndOfTheGap() =>
        Assert.Equal([At("2026-10-03T15:30:00Z")], Ticks("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1));

    [Fact]
    public void Next_TimeThatNeverComes_IsNull() => Assert.Null(Cron("0 0 30 2 *", "UTC").Next(At("2026-01-01T00:00:00Z")));

    [Theory]
    [InlineData("")]
    [InlineData("daily")]
    [InlineData("61 * * * *")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    public void TryParse_NoCron_SaysWhy(string text)
    {
        Assert.False(ScheduleCron.TryParse(text, TimeZoneInfo.Utc, out _, out string? fault));
        Assert.NotEmpty(fault);
    }

    internal static ScheduleCron Cron(string text, string zone)
    {
        Assert.True(ScheduleCron.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(zone), out ScheduleCron? cron, out string? fault), fault);
        return cron;
    }

    internal static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static List<DateTimeOffset> Ticks(string text, string zone, string after, int count)
    {
        ScheduleCron cron = Cron(text, zone);
        List<DateTimeOffset> ticks = [cron.Next(At(after))!.Value];
        while (ticks.Count < count)
        {
            ticks.Add(cron.Next(ticks[^1])!.Value);
        }

        return ticks;
    }
}
