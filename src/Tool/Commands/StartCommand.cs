using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chard.Tool.Api;

namespace Chard.Tool.Commands;

/// <summary><c>chard start --task Echo --args '{"value":42}'</c>.</summary>
internal sealed class StartCommand
{
    private readonly Option<string?> task = new("--task") { Description = "Start one task (chard tasks lists them)", HelpName = "name" };
    private readonly Option<string?> workflow = new("--workflow") { Description = "Start a workflow of the app", HelpName = "name" };

    private readonly Option<string?> canvas = new("--canvas")
    {
        Description = "Start a canvas: a JSON file, or - for the standard input",
        HelpName = "file",
    };

    private readonly Option<string?> args = new("--args")
    {
        Description = "Arguments: JSON, or @file, or @- for the standard input",
        HelpName = "json",
    };

    private readonly Option<string[]> stamps = new("--stamp") { Description = "A label; may be given up to 16 times", HelpName = "label" };
    private readonly Option<string?> startAt = new("--start-at") { Description = "Not before this time (ISO 8601)", HelpName = "time" };

    private readonly Option<double?> expiresIn = new("--expires-in")
    {
        Description = "Seconds in which it has to be finished",
        HelpName = "seconds",
    };

    private readonly Option<string?> onExhausted = new("--on-exhausted")
    {
        Description = "What becomes of a task that has failed for good",
    };

    private readonly Option<bool> check = new("--check") { Description = "Only check it; nothing is started" };
    private readonly StartOptions options = new();

    /// <summary>The command.</summary>
    public static Command Create(CommandHost host) => new StartCommand().Build(host);

    private Command Build(CommandHost host)
    {
        onExhausted.AcceptOnlyFromAmong("fail", "park", "skip");
        var command = new Command("start", "Starts a task, a workflow or a canvas, and watches it")
        {
            task, workflow, canvas, args, stamps, startAt, expiresIn, onExhausted, check,
        };
        options.AddTo(command);
        command.Validators.Add(line =>
        {
            if (new[] { task, workflow, canvas }.Count(o => line.GetResult(o) is not null) != 1)
            {
                line.AddError("Say what to start: one of --task, --workflow and --canvas.");
            }
        });
        host.Handle(command, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(Session session)
    {
        string document = (await DocumentAsync(session)).ToJsonString(new JsonSerializerOptions { MaxDepth = 300 });
        bool checks = session.Line.GetValue(check);
        ApiAnswer answer = await session.Api.PostAsync(
            checks ? "workflows?check=true" : "workflows", document, session.CancellationToken,
            session.Line.GetValue(options.IdempotencyKey));
        if (!checks)
        {
            return await Watching.AfterStartAsync(session, options, answer);
        }

        if (session.Screen.Json)
        {
            session.Screen.Document(answer.Text);
        }
        else
        {
            session.Screen.Line("It is valid. Nothing was started.");
        }

        return ExitCode.Done;
    }

    private async Task<JsonObject> DocumentAsync(Session session)
    {
        ParseResult line = session.Line;
        var document = new JsonObject();
        Add("task", line.GetValue(task));
        Add("workflow", line.GetValue(workflow));
        if (line.GetValue(canvas) is { } file)
        {
            document["canvas"] = JsonNode(await session.JsonFileAsync(file));
        }

        if (await session.JsonAsync(args) is { } given)
        {
            document["args"] = JsonNode(given);
        }

        Add("id", line.GetValue(options.Id));
        Add("owner", line.GetValue(options.Owner));
        Add("startAt", line.GetValue(startAt));
        Add("onExhausted", line.GetValue(onExhausted));
        if (line.GetValue(expiresIn) is { } seconds)
        {
            document["expiresIn"] = seconds;
        }

        if (line.GetValue(stamps) is { Length: > 0 } labels)
        {
            document["stamps"] = new JsonArray([.. labels.Select(l => JsonValue.Create(l))]);
        }

        return document;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                document[name] = value;
            }
        }
    }

    private static JsonNode? JsonNode(JsonElement element) => System.Text.Json.Nodes.JsonNode.Parse(
        element.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = 256 });
}
