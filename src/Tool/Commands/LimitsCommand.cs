using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard limits</c>.</summary>
internal static class LimitsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("limits", "Lists the limits, with the permits that are held and waited for");
        host.Handle(command, async session =>
        {
            if (await session.ReadAsync("limits") is { } document)
            {
                Print(session.Screen, document);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(Screen screen, JsonElement document)
    {
        var rows = new Rows("KEY", "AT ONCE", "PER SECOND", "BURST", "HELD", "WAITING");
        foreach (JsonElement limit in document.Items("limits"))
        {
            rows.Add(
                limit.Text("key"), limit.Text("concurrency") ?? "-", limit.Text("perSecond") ?? "-", limit.Text("burst") ?? "-",
                limit.Text("held"), limit.Text("waiting"));
        }

        rows.Print(screen, "There are none.");
    }
}
