using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Chard.Tool.Api;

namespace Chard.Tool.Commands;

/// <summary>Options of lists, and reading one page or all.</summary>
internal sealed class Paging
{
    private const int MaxPage = 200;

    private readonly Option<int> limit = new("--limit", "-n")
    {
        Description = "How many at most",
        DefaultValueFactory = _ => 50,
        HelpName = "number",
    };

    private readonly Option<bool> all = new("--all") { Description = "All there are, page by page" };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        limit.Validators.Add(given =>
        {
            // What is no number has no value to ask for here; it is told by the parser.
            if (given.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out int number) && number < 1)
            {
                given.AddError("--limit is a number from 1 on.");
            }
        });
        command.Add(limit);
        command.Add(all);
    }

    /// <summary>Reads the list, as long as it is asked for.</summary>
    /// <param name="session">The run.</param>
    /// <param name="path">Of the list.</param>
    /// <param name="member">Of the document that holds the rows.</param>
    /// <param name="filter">Conditions.</param>
    /// <returns>The rows, and where the next page begins; null at the end.</returns>
    public async Task<(IReadOnlyList<JsonElement> Rows, string? Continuation)> ReadAsync(
        Session session, string path, string member, IReadOnlyList<KeyValuePair<string, string?>> filter)
    {
        long wanted = session.Line.GetValue(all) ? long.MaxValue : session.Line.GetValue(limit);
        // What is in order of its id has one page.
        bool isOnePage = filter.Any(f => f is { Key: "idPrefix", Value: not null });
        var rows = new List<JsonElement>();
        string? continuation = null;
        do
        {
            ApiAnswer page = await session.Api.GetAsync(
                ApiQuery.With(path,
                [
                    .. filter, new("limit", $"{Math.Min(wanted - rows.Count, MaxPage)}"), new("continuation", continuation),
                ]),
                session.CancellationToken);
            rows.AddRange(page.Document.Items(member));
            continuation = page.Document.Text("continuation");
        }
        while (continuation is not null && rows.Count < wanted && !isOnePage);

        return (rows, continuation);
    }

    /// <summary>The list as the API's document of one page.</summary>
    public static void Print(Session session, string member, IReadOnlyList<JsonElement> rows, string? continuation) =>
        session.Screen.Document(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray(member);
            foreach (JsonElement row in rows)
            {
                row.WriteTo(writer);
            }

            writer.WriteEndArray();
            writer.WriteString("continuation", continuation);
            writer.WriteEndObject();
        });
}
