using System.Globalization;
using Chard.Domain.Schedules;

namespace Chard.Domain.Tests.Schedules;

/// <summary>What schedules do when clocks change, in zones that change them at different times and by different lengths.</summary>
public sealed class ClockChangeTests
{
    /// <summary>The rows of ClockChanges.txt.</summary>
    public static TheoryData<string, string, string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string, string, string>();
            string table = Path.Combine(AppContext.BaseDirectory, "Schedules", "ClockChanges.txt");
            foreach (string line in File.ReadLines(table).Where(line => line.Length > 0 && line[0] != '#'))
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
        DateTimeOffset end = ScheduleCronTests.At(until);

        // Or the machine's zones are not those of the table.
        Assert.Equal(from, Local("yyyy-MM-dd'T'HH:mmzzz", ScheduleCronTests.At(from)));
        Assert.Equal(until, Local("yyyy-MM-dd'T'HH:mmzzz", end));

        var all = new List<string>();
        for (DateTimeOffset? tick = schedule.Next(ScheduleCronTests.At(from)); tick <= end; tick = schedule.Next(tick.Value))
        {
            all.Add(Local("dd'T'HH:mmzzz", tick.Value));
        }

        Assert.Equal(ticks.Split(' '), all);

        string Local(string format, DateTimeOffset moment) =>
            TimeZoneInfo.ConvertTime(moment, place).ToString(format, CultureInfo.InvariantCulture);
    }
}
