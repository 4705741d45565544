using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard schedules</c>, and <c>chard schedules run NAME</c>.</summary>
internal static class SchedulesCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("schedules", "Lists the schedules, with their next and last runs");
        host.Handle(command, async session =>
        {
            if (await session.ReadAsync("schedules") is { } document)
            {
                Print(session.Screen, document);
            }

            return ExitCode.Done;
        });
        command.Add(CreateRun(host));
        return command;
    }

    private static Command CreateRun(CommandHost host)
    {
        var name = new Argument<string>("name") { Description = "The schedule" };
        var options = new StartOptions();
        var command = new Command("run", "Starts what a schedule starts, at once; its ticks stay as they are") { name };
        options.AddWatchTo(command);
        host.Handle(command, async session =>
        {
            ApiAnswer started = await session.Api.PostAsync(
                $"schedules/{Uri.EscapeDataString(session.Line.GetValue(name)!)}/run", null, session.CancellationToken,
                session.Line.GetValue(options.IdempotencyKey));
            return await Watching.AfterStartAsync(session, options, started);
        });
        return command;
    }

    private static void Print(Screen screen, JsonElement document)
    {
        var rows = new Rows("NAME", "CRON", "TIME ZONE", "NEXT", "LAST", "WORKFLOW", "MISSED");
        foreach (JsonElement schedule in document.Items("schedules"))
        {
            JsonElement? last = schedule.Member("last");
            rows.Add(
                schedule.Text("name"), schedule.Text("cron"), schedule.Text("timeZone"),
                schedule.Flag("enabled") ? StatusText.Time(schedule.Time("next")) : "off",
                StatusText.Time(last?.Time("tick")), last?.Text("workflowId"), schedule.Text("missed"));
        }

        rows.Print(screen, "There are none.");
    }
}
