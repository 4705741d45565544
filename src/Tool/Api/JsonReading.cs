using System.Globalization;
using System.Text.Json;

namespace Chard.Tool.Api;

/// <summary>Reads members of the API's documents. What is absent is null: an older app may not know a member.</summary>
internal static class JsonReading
{
    /// <summary>A member; null where it is absent or null.</summary>
    public static JsonElement? Member(this JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out JsonElement found)
        && found.ValueKind != JsonValueKind.Null
            ? found
            : null;

    /// <summary>A member as text: a string's value, of anything else the JSON.</summary>
    public static string? Text(this JsonElement document, string name) =>
        document.Member(name) is { } found ? found.ValueKind == JsonValueKind.String ? found.GetString() : found.GetRawText() : null;

    /// <summary>A number, 0 where there is none.</summary>
    public static long Count(this JsonElement document, string name) =>
        document.Member(name) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt64(out long count) ? count : 0;

    /// <summary>A flag, false where there is none.</summary>
    public static bool Flag(this JsonElement document, string name) => document.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A time; null where there is none.</summary>
    public static DateTimeOffset? Time(this JsonElement document, string name) =>
        DateTimeOffset.TryParse(document.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>The elements of an array, none where there is no array.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement document, string name) =>
        document.Member(name) is { ValueKind: JsonValueKind.Array } found ? [.. found.EnumerateArray()] : [];

    /// <summary>The texts of an array, parted by commas.</summary>
    public static string Joined(this JsonElement document, string name) =>
        string.Join(", ", document.Items(name).Select(i => i.ValueKind == JsonValueKind.String ? i.GetString() : i.GetRawText()));
}
