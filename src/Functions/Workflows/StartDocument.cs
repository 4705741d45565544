using System.Text.Json;

namespace Chard.Functions.Workflows;

/// <summary>Reads the JSON document that starts a workflow, over HTTP or from the queue.</summary>
public static class StartDocument
{
    /// <summary>Largest document, in bytes: 256 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly string[] Members = ["workflow", "args", "id", "owner"];

    /// <summary>The request in <paramref name="utf8"/>.</summary>
    /// <exception cref="InvalidStartException">It is not a JSON object of the known members.</exception>
    public static StartRequest Parse(ReadOnlySpan<byte> utf8)
    {
        JsonElement document;
        try
        {
            document = JsonElement.Parse(utf8);
        }
        catch (JsonException e)
        {
            throw Refuse("", $"The document is not JSON: {e.Message}");
        }

        if (document.ValueKind != JsonValueKind.Object)
        {
            throw Refuse("", """A start is a JSON object such as {"workflow":"ImportCsv","args":{}}.""");
        }

        List<StartFault> faults = [.. document.EnumerateObject()
            .Where(p => !Members.Contains(p.Name, StringComparer.Ordinal))
            .Select(p => new StartFault("/" + p.Name, $"There is no member '{p.Name}'. There are: {string.Join(", ", Members)}."))];
        string? workflow = Text(document, "workflow", faults);
        string? id = Text(document, "id", faults);
        string? owner = Text(document, "owner", faults);
        JsonElement? args = document.TryGetProperty("args", out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        return faults.Count == 0 ? new(workflow, args, id, owner) : throw new InvalidStartException(faults);
    }

    private static string? Text(JsonElement document, string member, List<StartFault> faults)
    {
        if (!document.TryGetProperty(member, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        faults.Add(new("/" + member, $"'{member}' is a string."));
        return null;
    }

    private static InvalidStartException Refuse(string pointer, string message) => new([new StartFault(pointer, message)]);
}
