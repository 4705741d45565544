using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard show ID</c>.</summary>
internal static class ShowCommand
{
    private const int RowsShown = 2_000;
    private const int RowsPage = 1_000;
    private const int LettersShown = 200;

    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var id = new Argument<string>("id") { Description = "The workflow" };
        var full = new Option<bool>("--full") { Description = $"Leave nothing out of wide groups, and read more than {RowsShown} tasks" };
        var command = new Command("show", "Shows a workflow: its status, why it is not done, and its tasks as a tree") { id, full };
        host.Handle(command, session => ShowAsync(session, session.Line.GetValue(id)!, session.Line.GetValue(full)));
        return command;
    }

    private static async Task<int> ShowAsync(Session session, string id, bool full)
    {
        (JsonElement workflow, List<JsonElement> rows) = await RowsAsync(session, id, full);
        JsonElement reasons = (await session.Api.GetAsync(ApiQuery.Workflow(id, "/reasons"), session.CancellationToken)).Document;
        JsonElement? start = await StartAsync(session, id);
        JsonElement letters = (await session.Api.GetAsync(
            ApiQuery.With("dead-letters", [new("workflowId", id), new("state", "open"), new("limit", $"{LettersShown}")]),
            session.CancellationToken)).Document;
        if (session.Screen.Json)
        {
            Print(session.Screen, workflow, rows, reasons, start, letters);
            return ExitCode.Done;
        }

        PrintHead(session.Screen, workflow);
        PrintReasons(session.Screen, reasons);
        List<TreePlace> tree = CanvasTree.Of(start?.Member("canvas"), rows, letters.Items("deadLetters"));
        if (tree.Count > 0)
        {
            TreeView.Print(session.Screen, "Tasks", tree, full);
        }

        long total = workflow.Count("tasksTotal");
        if (rows.Count < total)
        {
            session.Screen.Hint($"{rows.Count} of {total} tasks were read: --full reads all.");
        }

        return ExitCode.Done;
    }

    private static async Task<(JsonElement Workflow, List<JsonElement> Rows)> RowsAsync(Session session, string id, bool full)
    {
        var rows = new List<JsonElement>();
        JsonElement? first = null;
        string? continuation = null;
        do
        {
            ApiAnswer page = await session.Api.GetAsync(
                ApiQuery.With(ApiQuery.Workflow(id),
                    [new("tasks", "true"), new("limit", $"{RowsPage}"), new("continuation", continuation)]),
                session.CancellationToken);
            first ??= page.Document;
            rows.AddRange(page.Document.Items("tasks"));
            continuation = page.Document.Text("continuation");
        }
        while (continuation is not null && (full || rows.Count < RowsShown));

        return (first.Value, rows);
    }

    /// <summary>What it was started with; null if that is gone, which keeps nobody from seeing the rest.</summary>
    private static async Task<JsonElement?> StartAsync(Session session, string id)
    {
        try
        {
            return (await session.Api.GetAsync(ApiQuery.Workflow(id, "/start"), session.CancellationToken)).Document;
        }
        catch (ApiProblemException e) when (e.Status is 404 or 410)
        {
            return null;
        }
    }

    private static void PrintHead(Screen screen, JsonElement workflow)
    {
        string progress = StatusText.Progress(workflow);
        screen.Line($"{workflow.Text("id")} ({workflow.Text("workflow")}): {workflow.Text("status")}"
            + (progress.Length == 0 ? "" : $", {progress}"));
        Field("Owner", workflow.Text("owner"));
        Field("Stamps", workflow.Joined("stamps"));
        Field("Created", StatusText.Time(workflow.Time("createdAt")));
        Field("Not before", StatusText.Time(workflow.Time("startAt")));
        Field("Started", StatusText.Time(workflow.Time("startedAt")));
        Field("Expires", StatusText.Time(workflow.Time("expiresAt")));
        Field("Ended", StatusText.Time(workflow.Time("completedAt")));
        Field("Failure", workflow.Member("error") is { } error ? StatusText.Failure(error) : null);

        void Field(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                screen.Line($"  {name,-10}  {value}");
            }
        }
    }

    private static void PrintReasons(Screen screen, JsonElement document)
    {
        IReadOnlyList<JsonElement> reasons = document.Items("reasons");
        if (reasons.Count == 0)
        {
            return;
        }

        screen.Line("Why it is not done:");
        foreach (JsonElement reason in reasons)
        {
            string where = $"{reason.Text("path")} {reason.Text("task")}".Trim();
            string letter = reason.Text("deadLetter") is { } id ? $" [letter {id}]" : "";
            screen.Line($"  {reason.Text("code")}{(where.Length == 0 ? "" : $" at {where}")}: {reason.Text("message")}{letter}");
        }

        if (document.Flag("more"))
        {
            screen.Line("  and more");
        }
    }

    private static void Print(
        Screen screen, JsonElement workflow, List<JsonElement> rows, JsonElement reasons, JsonElement? start, JsonElement letters) =>
        screen.Document(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("workflow");
            foreach (JsonProperty member in workflow.EnumerateObject().Where(m => m.Name is not ("tasks" or "continuation")))
            {
                member.WriteTo(writer);
            }

            writer.WriteStartArray("tasks");
            rows.ForEach(row => row.WriteTo(writer));
            writer.WriteEndArray();
            writer.WriteEndObject();
            Member("reasons", reasons.Member("reasons"));
            Member("start", start);
            Member("deadLetters", letters.Member("deadLetters"));
            writer.WriteEndObject();

            void Member(string name, JsonElement? value)
            {
                writer.WritePropertyName(name);
                if (value is { } found)
                {
                    found.WriteTo(writer);
                }
                else
                {
                    writer.WriteNullValue();
                }
            }
        });
}
