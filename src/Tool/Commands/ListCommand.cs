using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard list</c>.</summary>
internal static class ListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var filter = Filter.OfWorkflows();
        var prefix = new Option<string?>("--id-prefix") { Description = "Only those whose ids begin so, in order of their ids" };
        var paging = new Paging();
        var command = new Command("list", "Lists workflows, newest first") { prefix };
        filter.AddTo(command);
        paging.AddTo(command);
        host.Handle(command, async session =>
        {
            (IReadOnlyList<JsonElement> workflows, string? continuation) = await paging.ReadAsync(
                session, "workflows", "workflows",
                [.. filter.Read(session.Line), new("idPrefix", session.Line.GetValue(prefix))]);
            if (session.Screen.Json)
            {
                Paging.Print(session, "workflows", workflows, continuation);
            }
            else
            {
                Print(session.Screen, workflows, continuation is not null);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(Screen screen, IReadOnlyList<JsonElement> workflows, bool isMore)
    {
        var rows = new Rows("ID", "WORKFLOW", "STATUS", "PROGRESS", "CREATED", "OWNER", "STAMPS");
        foreach (JsonElement workflow in workflows)
        {
            rows.Add(
                workflow.Text("id"), workflow.Text("workflow"), workflow.Text("status"), StatusText.Progress(workflow),
                StatusText.Time(workflow.Time("createdAt")), workflow.Text("owner"), workflow.Joined("stamps"));
        }

        rows.Print(screen, "There are none.");
        if (isMore)
        {
            screen.Hint("There are more: --limit, or --all.");
        }
    }
}
