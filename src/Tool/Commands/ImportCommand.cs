using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary><c>chard import people.csv --table people</c>.</summary>
internal sealed class ImportCommand
{
    private readonly Argument<string> csv = new("file") { Description = "The CSV file" };
    private readonly Option<bool> header = new("--header") { Description = "The first line names the columns (default)" };
    private readonly Option<bool> noHeader = new("--no-header") { Description = "The first line is a row" };
    private readonly StartOptions options = new();

    // By the names that the API has for them.
    private readonly Dictionary<string, Option<string?>> parameters = new()
    {
        ["table"] = new("--table", "-t") { Description = "Where the rows go. Default: import_ and the id" },
        ["columns"] = new("--columns")
        {
            Description = "name:type of each column: text, integer, real, date, timestamp, timestamptz. Default: found",
            HelpName = "name:type,…",
        },
        ["delimiter"] = new("--delimiter") { Description = "One sign, or tab, comma, semicolon, pipe. Default: found" },
        ["encoding"] = new("--encoding") { Description = "Default: found" },
        ["maxErrors"] = new("--max-errors") { Description = "Rejected rows that are listed. Default: 1000", HelpName = "number" },
    };

    /// <summary>The command.</summary>
    public static Command Create(CommandHost host) => new ImportCommand().Build(host);

    private Command Build(CommandHost host)
    {
        parameters["encoding"].CompletionSources.Add("utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-1");
        parameters["delimiter"].CompletionSources.Add("tab", "comma", "semicolon", "pipe");
        var command = new Command("import", "Uploads a CSV file and imports it into a table") { csv };
        foreach (Option<string?> parameter in parameters.Values)
        {
            command.Add(parameter);
        }

        command.Add(header);
        command.Add(noHeader);
        options.AddTo(command);
        command.Validators.Add(line =>
        {
            if (line.GetValue(header) && line.GetValue(noHeader))
            {
                line.AddError("--header and --no-header exclude each other.");
            }
        });
        host.Handle(command, ImportAsync);
        return command;
    }

    private async Task<int> ImportAsync(Session session)
    {
        string path = ApiQuery.With("imports",
        [
            .. parameters.Select(p => KeyValuePair.Create(p.Key, session.Line.GetValue(p.Value))),
            new("header", session.Line.GetValue(noHeader) ? "false" : session.Line.GetValue(header) ? "true" : null),
            new("id", session.Line.GetValue(options.Id)),
            new("owner", session.Line.GetValue(options.Owner)),
        ]);
        ApiAnswer started = await UploadAsync(session, path, session.Line.GetValue(options.IdempotencyKey));
        string id = started.Document.Text("id")!;
        return await Watching.AfterStartAsync(session, options, started, _ => TellRowsAsync(session, id));
    }

    private async Task<ApiAnswer> UploadAsync(Session session, string path, string? idempotencyKey)
    {
        string name = session.Line.GetValue(csv)!;
        await using FileStream file = Open(name);
        UploadContent? content = null;
        try
        {
            return await UploadView.ShowAsync(session.Screen, Path.GetFileName(name), file.Length, sent =>
                session.Api.UploadAsync(
                    path, content = new UploadContent(file, sent), idempotencyKey, session.CancellationToken));
        }
        catch (OperationCanceledException) when (session.CancellationToken.IsCancellationRequested)
        {
            session.Screen.Complain(content is { IsSent: true }
                ? "The file has been sent, so its import may have begun: chard list --workflow ImportCsv"
                : "The upload was broken off: nothing is imported.");
            throw;
        }
    }

    private static FileStream Open(string name)
    {
        try
        {
            return new FileStream(name, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException($"'{name}' cannot be read: {e.Message}");
        }
    }

    private static async Task TellRowsAsync(Session session, string id)
    {
        ApiAnswer answer = await session.Api.GetAsync(ApiQuery.Workflow(id, "/result"), session.CancellationToken);
        JsonElement result = answer.Document;
        session.Screen.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Count("imported"):N0} of {result.Count("rows"):N0} rows are in table {result.Text("table")}, "
            + $"{result.Count("rejected"):N0} rejected."));
        foreach (JsonElement note in result.Items("notes"))
        {
            session.Screen.Line(note.ValueKind == JsonValueKind.String ? note.GetString()! : note.GetRawText());
        }

        if (result.Text("errors") is { } errors)
        {
            session.Screen.Line($"Why they were rejected: {new Uri(session.Api.Root, errors)}");
        }
    }
}
