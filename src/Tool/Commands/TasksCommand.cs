using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard tasks</c>.</summary>
internal static class TasksCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("tasks", "Lists the tasks; with --json also the schemas of their arguments and results");
        host.Handle(command, async session =>
        {
            if (await session.ReadAsync("tasks") is { } document)
            {
                Print(session.Screen, document);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(Screen screen, JsonElement document)
    {
        var rows = new Rows("NAME", "TRIES", "FAILED FOR GOOD", "DESCRIPTION");
        foreach (JsonElement task in document.Items("tasks"))
        {
            JsonElement? policy = task.Member("policy");
            rows.Add(task.Text("name"), policy?.Text("attempts"), policy?.Text("onExhausted"), task.Text("description"));
        }

        rows.Print(screen, "There are none.");
    }
}
