using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Starts;

/// <summary>Reads the JSON document that starts a workflow, over HTTP or from the queue.</summary>
public static class StartDocument
{
    /// <summary>Largest document, in bytes: 16 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Levels of arrays and objects in a document: a canvas of 32 nodes within each other has about a hundred.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = MaxDepth + 8 };

    private static readonly string[] Common = ["id", "owner", "startAt", "expiresIn", "stamps"];

    /// <summary>Members that a start of any kind may have.</summary>
    public static IReadOnlyList<string> CommonMembers => Common;

    /// <summary>
    /// The request in <paramref name="utf8"/>. What is to be started is left to the kinds of starts (<see cref="IStartKind"/>).
    /// </summary>
    /// <exception cref="InvalidStartException">It is not a JSON object, or one of the common members is of a wrong type.</exception>
    public static StartRequest Parse(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.TryParse(utf8, out JsonElement document, out string? fault, MaxDepth))
        {
            throw new InvalidStartException([new("", $"The document is not JSON: {fault}")]);
        }

        if (document.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidStartException([new("", """A start is a JSON object such as {"workflow":"ImportCsv","args":{}}.""")]);
        }

        var faults = new List<JsonFault>();
        var request = new StartRequest(FormOf(document))
        {
            Id = Read(document, "id", JsonValueKind.String, "a string", faults)?.GetString(),
            Owner = Read(document, "owner", JsonValueKind.String, "a string", faults)?.GetString(),
            StartAt = StartAtOf(document, faults),
            ExpiresIn = Read(document, "expiresIn", JsonValueKind.Number, "a number of seconds", faults)?.GetDouble(),
            Stamps = StampsOf(document, faults),
        };
        return faults.Count == 0 ? request : throw new InvalidStartException(faults);
    }

    private static JsonElement FormOf(JsonElement document) =>
        JsonSerializer.SerializeToElement(document.EnumerateObject()
            .Where(p => !Common.Contains(p.Name, StringComparer.Ordinal))
            .ToDictionary(p => p.Name, p => p.Value), Deep);

    private static DateTimeOffset? StartAtOf(JsonElement document, List<JsonFault> faults)
    {
        if (Read(document, "startAt", JsonValueKind.String, OffsetTime.Rule, faults) is not { } value)
        {
            return null;
        }

        DateTimeOffset? time = OffsetTime.Read(value);
        if (time is null)
        {
            faults.Add(new("/startAt", $"'startAt' is {OffsetTime.Rule}."));
        }

        return time;
    }

    private static string[] StampsOf(JsonElement document, List<JsonFault> faults)
    {
        if (Read(document, "stamps", JsonValueKind.Array, "an array of strings", faults) is not { } value)
        {
            return [];
        }

        if (value.EnumerateArray().Any(s => s.ValueKind != JsonValueKind.String))
        {
            faults.Add(new("/stamps", "'stamps' is an array of strings."));
            return [];
        }

        return [.. value.EnumerateArray().Select(s => s.GetString()!)];
    }

    private static JsonElement? Read(JsonElement document, string member, JsonValueKind kind, string what, List<JsonFault> faults)
    {
        if (!document.TryGetProperty(member, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == kind)
        {
            return value;
        }

        faults.Add(new("/" + member, $"'{member}' is {what}."));
        return null;
    }
}
