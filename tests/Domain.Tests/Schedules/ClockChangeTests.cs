using System.Globalization;
using Chard.Domain.Schedules;

namespace Chard.Domain.Tests.Schedules;

/// <summary>What schedules do when clocks change, in zones that change them at different times and by different lengths.</summary>
public sealed class ClockChangeTests
{
    /// <summary>
    /// A row: zone | expression | from | until, that included | all ticks in between. Times are local, as month-day, hour and minute, and offset from UTC.
    /// The changes are those of the tz database.
    /// </summary>
    private const string Table = """
        # Berlin, 29 March 2026: 02:00 +01:00 becomes 03:00 +02:00
        Europe/Berlin | */20 * * * * | 2026-03-29T01:10+01:00 | 2026-03-29T03:30+02:00 | 29T01:20+01:00 29T01:40+01:00 29T03:00+02:00 29T03:20+02:00
        Europe/Berlin | 0 * * * * | 2026-03-29T00:30+01:00 | 2026-03-29T04:30+02:00 | 29T01:00+01:00 29T03:00+02:00 29T04:00+02:00
        Europe/Berlin | 30 2 * * * | 2026-03-28T00:00+01:00 | 2026-03-31T00:00+02:00 | 28T02:30+01:00 29T03:00+02:00 30T02:30+02:00
        Europe/Berlin | 0 0 2,3 * * * | 2026-03-28T12:00+01:00 | 2026-03-31T00:00+02:00 | 29T03:00+02:00 30T02:00+02:00 30T03:00+02:00
        Europe/Berlin | 30 2-3 * * * | 2026-03-28T12:00+01:00 | 2026-03-31T00:00+02:00 | 29T03:00+02:00 29T03:30+02:00 30T02:30+02:00 30T03:30+02:00

        # Berlin, 31 October 2027: 03:00 +02:00 becomes 02:00 +01:00
        Europe/Berlin | */20 * * * * | 2027-10-31T01:50+02:00 | 2027-10-31T03:10+01:00 | 31T02:00+02:00 31T02:20+02:00 31T02:40+02:00 31T02:00+01:00 31T02:20+01:00 31T02:40+01:00 31T03:00+01:00
        Europe/Berlin | 0 */20 * * * * | 2027-10-31T01:50+02:00 | 2027-10-31T03:10+01:00 | 31T02:00+02:00 31T02:20+02:00 31T02:40+02:00 31T02:00+01:00 31T02:20+01:00 31T02:40+01:00 31T03:00+01:00
        Europe/Berlin | @hourly | 2027-10-31T01:30+02:00 | 2027-10-31T03:30+01:00 | 31T02:00+02:00 31T02:00+01:00 31T03:00+01:00
        Europe/Berlin | */30 2 * * * | 2027-10-31T00:00+02:00 | 2027-11-01T00:00+01:00 | 31T02:00+02:00 31T02:30+02:00 31T02:00+01:00 31T02:30+01:00
        Europe/Berlin | 30 1-3 * * * | 2027-10-31T00:00+02:00 | 2027-11-01T00:00+01:00 | 31T01:30+02:00 31T02:30+02:00 31T02:30+01:00 31T03:30+01:00
        Europe/Berlin | 30 1,2,3 * * * | 2027-10-31T00:00+02:00 | 2027-11-01T00:00+01:00 | 31T01:30+02:00 31T02:30+02:00 31T03:30+01:00
        Europe/Berlin | 30 2 * * * | 2027-10-30T00:00+02:00 | 2027-11-02T00:00+01:00 | 30T02:30+02:00 31T02:30+02:00 01T02:30+01:00
        Europe/Berlin | 0 30 2 * * * | 2027-10-31T02:40+02:00 | 2027-11-02T00:00+01:00 | 01T02:30+01:00
        Europe/Berlin | 0 2 * * * | 2027-10-31T02:10+01:00 | 2027-11-02T00:00+01:00 | 01T02:00+01:00
        Europe/Berlin | 0 3 * * * | 2027-10-30T12:00+02:00 | 2027-11-01T00:00+01:00 | 31T03:00+01:00

        # Lord Howe, 4 October 2026: 02:00 +10:30 becomes 02:30 +11:00
        Australia/Lord_Howe | */20 * * * * | 2026-10-04T01:30+10:30 | 2026-10-04T03:10+11:00 | 04T01:40+10:30 04T02:30+11:00 04T02:40+11:00 04T03:00+11:00
        Australia/Lord_Howe | 0 * * * * | 2026-10-04T00:30+10:30 | 2026-10-04T04:00+11:00 | 04T01:00+10:30 04T02:30+11:00 04T03:00+11:00 04T04:00+11:00
        Australia/Lord_Howe | 15 2 * * * | 2026-10-03T00:00+10:30 | 2026-10-06T00:00+11:00 | 03T02:15+10:30 04T02:30+11:00 05T02:15+11:00
        Australia/Lord_Howe | 45 2 * * * | 2026-10-03T00:00+10:30 | 2026-10-06T00:00+11:00 | 03T02:45+10:30 04T02:45+11:00 05T02:45+11:00

        # Lord Howe, 5 April 2026: 02:00 +11:00 becomes 01:30 +10:30
        Australia/Lord_Howe | */20 * * * * | 2026-04-05T01:10+11:00 | 2026-04-05T02:10+10:30 | 05T01:20+11:00 05T01:40+11:00 05T01:40+10:30 05T02:00+10:30
        Australia/Lord_Howe | 0 * * * * | 2026-04-05T00:30+11:00 | 2026-04-05T02:10+10:30 | 05T01:00+11:00 05T02:00+10:30
        Australia/Lord_Howe | 45 1 * * * | 2026-04-04T00:00+11:00 | 2026-04-07T00:00+10:30 | 04T01:45+11:00 05T01:45+11:00 06T01:45+10:30
        Australia/Lord_Howe | 15 1 * * * | 2026-04-04T00:00+11:00 | 2026-04-07T00:00+10:30 | 04T01:15+11:00 05T01:15+11:00 06T01:15+10:30

        # Santiago, 6 September 2026: midnight -04:00 becomes 01:00 -03:00
        America/Santiago | */20 * * * * | 2026-09-05T23:30-04:00 | 2026-09-06T01:30-03:00 | 05T23:40-04:00 06T01:00-03:00 06T01:20-03:00
        America/Santiago | @daily | 2026-09-04T12:00-04:00 | 2026-09-07T12:00-03:00 | 05T00:00-04:00 06T01:00-03:00 07T00:00-03:00
        America/Santiago | 30 0 * * * | 2026-09-04T12:00-04:00 | 2026-09-07T12:00-03:00 | 05T00:30-04:00 06T01:00-03:00 07T00:30-03:00
        America/Santiago | 30 0 * * SUN | 2026-08-28T12:00-04:00 | 2026-09-14T12:00-03:00 | 30T00:30-04:00 06T01:00-03:00 13T00:30-03:00
        America/Santiago | 0 0 6 9 * | 2026-08-28T12:00-04:00 | 2026-09-14T12:00-03:00 | 06T01:00-03:00

        # Santiago, 4 April 2026: midnight -03:00 becomes 23:00 -04:00
        America/Santiago | */20 * * * * | 2026-04-04T22:50-03:00 | 2026-04-05T00:10-04:00 | 04T23:00-03:00 04T23:20-03:00 04T23:40-03:00 04T23:00-04:00 04T23:20-04:00 04T23:40-04:00 05T00:00-04:00
        America/Santiago | 30 23 * * * | 2026-04-03T12:00-03:00 | 2026-04-06T12:00-04:00 | 03T23:30-03:00 04T23:30-03:00 05T23:30-04:00
        America/Santiago | @daily | 2026-04-03T12:00-03:00 | 2026-04-06T12:00-04:00 | 04T00:00-03:00 05T00:00-04:00 06T00:00-04:00

        # Chatham, 27 September 2026: 02:45 +12:45 becomes 03:45 +13:45
        Pacific/Chatham | */20 * * * * | 2026-09-27T02:10+12:45 | 2026-09-27T04:10+13:45 | 27T02:20+12:45 27T02:40+12:45 27T03:45+13:45 27T04:00+13:45
        Pacific/Chatham | 0 * * * * | 2026-09-27T01:30+12:45 | 2026-09-27T04:30+13:45 | 27T02:00+12:45 27T03:45+13:45 27T04:00+13:45
        Pacific/Chatham | 30 3 * * * | 2026-09-26T00:00+12:45 | 2026-09-29T00:00+13:45 | 26T03:30+12:45 27T03:45+13:45 28T03:30+13:45
        Pacific/Chatham | 45 3 * * * | 2026-09-26T00:00+12:45 | 2026-09-29T00:00+13:45 | 26T03:45+12:45 27T03:45+13:45 28T03:45+13:45

        # Chatham, 5 April 2026: 03:45 +13:45 becomes 02:45 +12:45
        Pacific/Chatham | */20 * * * * | 2026-04-05T02:30+13:45 | 2026-04-05T04:00+12:45 | 05T02:40+13:45 05T03:00+13:45 05T03:20+13:45 05T03:40+13:45 05T03:00+12:45 05T03:20+12:45 05T03:40+12:45 05T04:00+12:45
        Pacific/Chatham | 0 * * * * | 2026-04-05T02:30+13:45 | 2026-04-05T04:00+12:45 | 05T03:00+13:45 05T03:00+12:45 05T04:00+12:45
        Pacific/Chatham | 30 3 * * * | 2026-04-04T00:00+13:45 | 2026-04-07T00:00+12:45 | 04T03:30+13:45 05T03:30+13:45 06T03:30+12:45
        Pacific/Chatham | 30 2 * * * | 2026-04-04T00:00+13:45 | 2026-04-07T00:00+12:45 | 04T02:30+13:45 05T02:30+13:45 06T02:30+12:45

        # New York, 14 March 2027: 02:00 -05:00 becomes 03:00 -04:00
        America/New_York | */20 * * * * | 2027-03-14T01:30-05:00 | 2027-03-14T03:30-04:00 | 14T01:40-05:00 14T03:00-04:00 14T03:20-04:00
        America/New_York | 30 2 * * * | 2027-03-13T00:00-05:00 | 2027-03-16T00:00-04:00 | 13T02:30-05:00 14T03:00-04:00 15T02:30-04:00

        # New York, 7 November 2027: 02:00 -04:00 becomes 01:00 -05:00
        America/New_York | */20 * * * * | 2027-11-07T00:50-04:00 | 2027-11-07T02:10-05:00 | 07T01:00-04:00 07T01:20-04:00 07T01:40-04:00 07T01:00-05:00 07T01:20-05:00 07T01:40-05:00 07T02:00-05:00
        America/New_York | 0 0 * * * * | 2027-11-07T00:50-04:00 | 2027-11-07T02:10-05:00 | 07T01:00-04:00 07T01:00-05:00 07T02:00-05:00
        America/New_York | 30 1 * * * | 2027-11-06T00:00-04:00 | 2027-11-09T00:00-05:00 | 06T01:30-04:00 07T01:30-04:00 08T01:30-05:00
        """;

    public static TheoryData<string, string, string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string, string, string>();
            foreach (string line in Table.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
            {
                string[] cells = line.Split('|', StringSplitOptions.TrimEntries);
                rows.Add(cells[0], cells[1], cells[2], cells[3], cells[4]);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Next_ClocksChange_TicksAreTheTables(string zone, string cron, string from, string until, string ticks)
    {
        TimeZoneInfo place = TimeZoneInfo.FindSystemTimeZoneById(zone);
        ScheduleCron schedule = ScheduleCronTests.Cron(cron, zone);
        Assert.All([from, until], time => Assert.Equal(time, $"{TimeZoneInfo.ConvertTime(ScheduleCronTests.At(time), place):yyyy-MM-dd'T'HH:mmzzz}"));

        var all = new List<string>();
        for (DateTimeOffset? tick = schedule.Next(ScheduleCronTests.At(from)); tick <= ScheduleCronTests.At(until); tick = schedule.Next(tick.Value))
        {
            all.Add(TimeZoneInfo.ConvertTime(tick.Value, place).ToString("dd'T'HH:mmzzz", CultureInfo.InvariantCulture));
        }

        Assert.Equal(ticks.Split(' '), all);
    }
}
