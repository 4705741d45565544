using System.Globalization;
using Chard.Domain.Schedules;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.Schedules;

public sealed class ScheduleCronTests
{
    [Theory]
    [InlineData("30 2 * * *", "UTC", "2026-03-28T12:00:00Z", "2026-03-29T02:30:00Z")]
    [InlineData("*/20 * * * * *", "UTC", "2026-03-28T12:00:20Z", "2026-03-28T12:00:40Z")] // six fields: the second first
    [InlineData("0 9 * * MON-FRI", "America/New_York", "2026-01-02T20:00:00Z", "2026-01-05T14:00:00Z")]
    [InlineData("0 0 29 2 *", "UTC", "2026-03-28T12:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("@daily", "Europe/Berlin", "2026-06-01T12:00:00Z", "2026-06-01T22:00:00Z")]
    [InlineData("@every_second", "UTC", "2026-06-01T12:00:00.25Z", "2026-06-01T12:00:01Z")]
    public void Next_AnyTime_IsTheFirstAfterIt(string cron, string zone, string after, string next) =>
        Assert.Equal([At(next)], Ticks(cron, zone, after, 1));

    [Fact]
    public void Next_TimeThatNeverComes_IsNull() => Assert.Null(Cron("0 0 30 2 *", "UTC").Next(At("2026-01-01T00:00:00Z")));

    /// <summary>Ticks of the days after 15 June 2026, a Monday, as day and hour.</summary>
    [Theory]
    [InlineData("0 22-2 * * *", "15 22, 15 23, 16 00, 16 01, 16 02, 16 22")] // a range that wraps
    [InlineData("0 0 28-2 * *", "28 00, 29 00, 30 00, 01 00, 02 00, 28 00")]
    [InlineData("0 0 * * SAT-MON", "20 00, 21 00, 22 00, 27 00")]
    [InlineData("0 0 * * 7", "21 00, 28 00")] // Sunday, as 0 is
    [InlineData("0 0 * * 0", "21 00, 28 00")]
    [InlineData("0 0 * * 5-7", "19 00, 20 00, 21 00, 26 00")]
    [InlineData("0 0 L * *", "30 00, 31 00")] // the last of the month
    [InlineData("0 0 L-2 * *", "28 00, 29 00")]
    [InlineData("0 0 LW 8 *", "31 00")] // 31 August 2026 is a Monday
    [InlineData("0 0 LW 5 *", "31 00")] // 31 May 2027 is a Monday
    [InlineData("0 0 20W 6 *", "19 00")] // 20 June 2026 is a Saturday
    [InlineData("0 0 * * 5L", "26 00, 31 00")] // the last Friday
    [InlineData("0 0 * * FRI#2", "10 00, 14 00")]
    [InlineData("0 0 ? * WED", "17 00, 24 00")]
    [InlineData("0 0 20-26 * MON", "22 00, 20 00")] // both must hold
    [InlineData("0 5/8 * * *", "15 13, 15 21, 16 05")] // from 5 on
    public void Next_Grammar_MeansWhatTheDocsSay(string cron, string ticks) =>
        Assert.Equal(
            ticks, string.Join(", ", Ticks(cron, "UTC", "2026-06-15T12:30:00Z", ticks.Split(',').Length).Select(t => $"{t:dd HH}")));

    [Fact]
    public void WorkflowIdOf_TheRepeatedHour_IsAnotherEachTime() => Assert.Equal(
        ["s-20271031T000000Z", "s-20271031T003000Z", "s-20271031T010000Z", "s-20271031T013000Z"],
        Ticks("*/30 2 * * *", "Europe/Berlin", "2027-10-30T12:00:00Z", 4).Select(tick => ScheduleName.WorkflowIdOf("s", tick)));

    [Theory]
    [InlineData("*/0 * * * *", "its minute '*/0' is wrong: the step of '*/0' is not a number from 1 to 59")]
    [InlineData("0 */24 * * *", "its hour '*/24' is wrong: the step of '*/24' is not a number from 1 to 23")]
    [InlineData("0 0 1-9/x * *", "its day '1-9/x' is wrong: the step of '1-9/x' is not a number from 1 to 31")]
    [InlineData("* 24 * * *", "its hour '24' is wrong: '24' is not a number from 0 to 23")]
    [InlineData("61 * * * * *", "its second '61' is wrong: '61' is not a number from 0 to 59")]
    [InlineData("1,5-70,9 * * * *", "its minute '1,5-70,9' is wrong: '70' is not a number from 0 to 59")]
    [InlineData("0 0 * JAN-FOO *", "its month 'JAN-FOO' is wrong: 'FOO' is not a number from 1 to 12 or a name from JAN to DEC")]
    [InlineData("99/5 0 * * *", "its minute '99/5' is wrong: '99' is not a number from 0 to 59")]
    [InlineData("1,,2 0 * * *", "its minute '1,,2' is wrong: its list has an empty place")]
    [InlineData("5,* 0 * * *", "its minute '5,*' is wrong: a list has only numbers, names, ranges, and steps of these")]
    [InlineData("0 0 15W,20 * *", "its day '15W,20' is wrong: a list has only numbers, names, ranges, and steps of these")]
    [InlineData(
        "1-2-3 * * * *",
        "its minute '1-2-3' is wrong: '1-2-3' is no range such as 1-5 and no step such as */2 or 1-5/2 of a number from 0 to 59")]
    [InlineData(
        "-1 * * * *", "its minute '-1' is wrong: '-1' is no range such as 1-5 and no step such as */2 or 1-5/2 of a number from 0 to 59")]
    [InlineData("H 0 * * *", "its minute 'H' is wrong: 'H' is not a number from 0 to 59")]
    [InlineData("0 0 0 * *", "its day '0' is wrong: '0' is not a number from 1 to 31, a working day such as 15W, or counted from the last, "
        + "such as L, L-2 or LW")]
    [InlineData("0 0 * * L", "its weekday 'L' is wrong: 'L' is not a number from 0 to 7 or a name from SUN to SAT, or one of the month's "
        + "such as 5#1 to 5#5, or 5L for the last")]
    [InlineData(
        "0 24 * * MONDAY",
        "its hour '24' is wrong: '24' is not a number from 0 to 23; its weekday 'MONDAY' is wrong: 'MONDAY' is not a number from 0 to 7")]
    [InlineData("@reboot", "there is no macro '@reboot', only @every_second, @every_minute, @hourly, @daily, @midnight, @weekly, @monthly, "
        + "@yearly and @annually")]
    [InlineData("", "it must be five cron fields (minute hour day month weekday), or six with the second first, such as '30 2 * * *', or a "
        + "macro such as '@daily', and has 0 fields")]
    [InlineData("daily", "it must be five cron fields (minute hour day month weekday), or six with the second first, such as '30 2 * * *', "
        + "or a macro such as '@daily', and has 1 field")]
    [InlineData("* * * *", "it must be five cron fields")]
    [InlineData("* * * * * * *", "it must be five cron fields")]
    [InlineData("@daily @daily", "it must be five cron fields")]
    public void TryParse_NoCron_NamesTheFieldAndTheReason(string text, string reason)
    {
        Assert.False(ScheduleCron.TryParse(text, TimeZoneInfo.Utc, out _, out string? fault));
        Assert.StartsWith(reason, fault, StringComparison.Ordinal);
    }

    /// <summary>Whatever the library refuses, some field is at fault and is named.</summary>
    [Property(MaxTest = 2_000)]
    public Property TryParse_AnyText_IsTakenOrSaysWhy() => Prop.ForAll(Texts, text =>
        ScheduleCron.TryParse(text, TimeZoneInfo.Utc, out _, out string? fault)
            || ((string[])["'", "the step of '", "its list ", "a list "]).Any(
                reason => fault.Contains(" is wrong: " + reason, StringComparison.Ordinal)));

    private static Arbitrary<string> Texts => Arb.From(
        from parts in Gen.Elements("0", "7", "23", "60", "*", "?", "L", "W", "H", "-", "/", ",", "#", "5", "MON", "JAN", "x")
            .NonEmptyListOf()
        from place in Gen.Choose(0, 4)
        select string.Join(' ', Enumerable.Range(0, 5).Select(i => i == place ? string.Concat(parts) : "*")));

    internal static ScheduleCron Cron(string text, string zone)
    {
        Assert.True(
            ScheduleCron.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(zone), out ScheduleCron? cron, out string? fault), fault);
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
