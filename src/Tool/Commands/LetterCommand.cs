using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard letter ID</c>.</summary>
internal static class LetterCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var id = new Argument<string>("id") { Description = "The dead letter" };
        var command = new Command("letter", "Shows a dead letter: the failure, what caused it, the arguments") { id };
        host.Handle(command, async session =>
        {
            if (await session.ReadAsync(ApiQuery.Letter(session.Line.GetValue(id)!)) is { } letter)
            {
                Print(session.Screen, letter);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(Screen screen, JsonElement letter)
    {
        string id = letter.Text("id")!;
        screen.Line($"{id}: {letter.Text("state")}{(letter.Flag("parked") ? ", its workflow waits there" : "")}");
        Field("Task", $"{letter.Text("task") ?? letter.Text("origin")} {letter.Text("path")}".TrimEnd());
        Field("Workflow", letter.Text("workflowId") is { } workflow ? $"{workflow} ({letter.Text("workflow")})" : null);
        Field("Failure", StatusText.Failure(letter.Text("class"), letter.Text("message")));
        Field("Kind", $"{letter.Text("kind")}, {letter.Text("attempts")} tried");
        foreach (JsonElement cause in letter.Items("chain"))
        {
            Field("Cause", $"{cause.Text("type")}: {cause.Text("message")}");
        }

        Field("Created", StatusText.Time(letter.Time("createdAt")));
        Field("Resolved", letter.Time("resolvedAt") is { } at ? $"{StatusText.Time(at)} {letter.Text("resolvedBy")}".TrimEnd() : null);
        Field("Retried as", letter.Text("retriedAs"));
        Field("Stamps", letter.Joined("stamps"));
        Field("Arguments", letter.Text("argsBytes") is { } bytes ? $"{bytes} bytes, too large to be shown" : letter.Text("args"));
        if (letter.Text("state") == "open")
        {
            screen.Hint($"Decide: chard retry {id}, skip, fail or discard.");
        }

        void Field(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                screen.Line($"  {name,-10}  {value}");
            }
        }
    }
}
