using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard letters</c>.</summary>
internal static class LettersCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var filter = Filter.OfLetters(withState: true);
        var list = new Option<bool>("--list", "-l") { Description = "One by one, newest first, instead of by what failed alike" };
        var paging = new Paging();
        var command = new Command("letters", "Shows what has failed for good and waits for a decision, by task and failure") { list };
        filter.AddTo(command);
        paging.AddTo(command);
        host.Handle(command, async session =>
        {
            IReadOnlyList<KeyValuePair<string, string?>> conditions = Conditions(filter.Read(session.Line));
            await (session.Line.GetValue(list) ? ListAsync(session, paging, conditions) : GroupAsync(session, conditions));
            return ExitCode.Done;
        });
        return command;
    }

    private static List<KeyValuePair<string, string?>> Conditions(List<KeyValuePair<string, string?>> given)
    {
        string? state = given.Find(c => c.Key == "state").Value ?? "open";
        return [new("state", state == "any" ? null : state), .. given.Where(c => c.Key != "state")];
    }

    private static async Task GroupAsync(Session session, IReadOnlyList<KeyValuePair<string, string?>> conditions)
    {
        if (await session.ReadAsync(ApiQuery.With("dead-letters/groups", conditions)) is not { } document)
        {
            return;
        }

        var rows = new Rows("COUNT", "PARKED", "TASK", "CLASS", "LAST", "NEWEST", "MESSAGE");
        foreach (JsonElement group in document.Items("groups"))
        {
            rows.Add(
                group.Text("count"), group.Text("parked"), group.Text("task") ?? group.Text("origin"), group.Text("class"),
                StatusText.Time(group.Time("last")), group.Text("newest"), group.Text("message"));
        }

        rows.Print(session.Screen, "There are none.");
        if (document.Flag("more"))
        {
            session.Screen.Hint("There are more than are counted.");
        }

        if (document.Items("groups").Count > 0)
        {
            session.Screen.Hint("All alike: chard retry --task TASK --class CLASS. One by one: chard letters --list.");
        }
    }

    private static async Task ListAsync(Session session, Paging paging, IReadOnlyList<KeyValuePair<string, string?>> conditions)
    {
        (IReadOnlyList<JsonElement> letters, string? continuation) = await paging.ReadAsync(
            session, "dead-letters", "deadLetters", conditions);
        if (session.Screen.Json)
        {
            Paging.Print(session, "deadLetters", letters, continuation);
            return;
        }

        var rows = new Rows("ID", "STATE", "TASK", "CLASS", "TRIES", "CREATED", "MESSAGE");
        foreach (JsonElement letter in letters)
        {
            rows.Add(
                letter.Text("id"), letter.Flag("parked") && letter.Text("state") == "open" ? "parked" : letter.Text("state"),
                letter.Text("task") ?? letter.Text("origin"), letter.Text("class"), letter.Text("attempts"),
                StatusText.Time(letter.Time("createdAt")), letter.Text("message"));
        }

        rows.Print(session.Screen, "There are none.");
        if (continuation is not null)
        {
            session.Screen.Hint("There are more: --limit, or --all.");
        }
    }
}
