using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chard.Tool.Api;

namespace Chard.Tool.Commands;

/// <summary>
/// <c>chard retry</c>, <c>skip</c>, <c>fail</c> and <c>discard</c>: dead letters by their ids, or all that meet conditions.
/// </summary>
internal static class ResolveCommands
{
    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create(CommandHost host) =>
    [
        Create(host, "retry", "retried", "Tries what has failed for good anew", new("--args")
        {
            Description = "Arguments to try it with: JSON, or @file. Only with ids", HelpName = "json",
        }),
        Create(host, "skip", "resolved", "Lets workflows go on as if a task had given a result", new("--result")
        {
            Description = "The result: JSON, or @file. Default: null", HelpName = "json",
        }),
        Create(host, "fail", "resolved", "Lets tasks that wait for a decision fail", null),
        Create(host, "discard", "resolved", "Puts dead letters aside; tasks that wait there fail", null),
    ];

    private static Command Create(CommandHost host, string name, string participle, string description, Option<string?>? value)
    {
        var options = new BulkOptions(Filter.OfLetters(withState: false), "dead letters");
        var by = new Option<string?>("--by") { Description = "Who decides. Default: who is signed in", HelpName = "name" };
        var command = new Command(name, description);
        options.AddTo(command);
        command.Add(by);
        if (value is not null)
        {
            command.Add(value);
        }

        host.Handle(command, async session =>
        {
            JsonObject decision = await DecisionAsync(session, by, value);
            if (options.Ids(session.Line) is { Length: > 0 } ids)
            {
                return await Bulk.EachAsync(
                    session, ids, id => ApiQuery.Letter(id, $"/{name}"), decision.ToJsonString(), Told);
            }

            if (decision.ContainsKey("args"))
            {
                throw new ToolException("--args goes with ids: letters that meet conditions are tried with the arguments they have.");
            }

            if (!options.IsYes(session.Line))
            {
                session.Screen.Complain($"{await CountAsync(session, options)} would be {Past(name)}. Say --yes to do it.");
                return ExitCode.Usage;
            }

            JsonObject document = options.Document(session.Line);
            foreach ((string member, JsonNode? given) in decision)
            {
                document[member] = given?.DeepClone();
            }

            return await Bulk.AllAsync(session, $"dead-letters/{name}", document, participle);
        });
        return command;
    }

    private static async Task<JsonObject> DecisionAsync(Session session, Option<string?> by, Option<string?>? value)
    {
        var decision = new JsonObject();
        if (session.Line.GetValue(by) is { } name)
        {
            decision["by"] = name;
        }

        if (value is not null && await session.JsonAsync(value) is { } given)
        {
            decision[value.Name.TrimStart('-')] = JsonNode.Parse(given.GetRawText());
        }

        return decision;
    }

    private static string Told(JsonElement letter)
    {
        string text = $"{letter.Text("id")} is {letter.Text("state")}";
        return letter.Text("retriedAs") is { } anew ? $"{text} as {anew}: chard watch {anew}" : $"{text}.";
    }

    private static async Task<string> CountAsync(Session session, BulkOptions options)
    {
        ApiAnswer groups = await session.Api.GetAsync(
            ApiQuery.With("dead-letters/groups", [new("state", "open"), .. options.Conditions(session.Line)]),
            session.CancellationToken);
        long total = groups.Document.Count("total");
        return $"{(groups.Document.Flag("more") ? "More than " : "")}{total} dead {(total == 1 ? "letter" : "letters")}";
    }

    private static string Past(string name) => name switch
    {
        "retry" => "retried",
        "skip" => "skipped",
        "fail" => "failed",
        _ => "discarded",
    };
}
