using System.Text.Json;

namespace Chard.Domain.Json;

/// <summary>Times from outside: ISO 8601 with an offset, since without one nobody knows which time is meant.</summary>
public static class OffsetTime
{
    /// <summary>What to tell a caller whose time is refused.</summary>
    public const string Rule = "an ISO 8601 time with its offset, such as 2030-01-31T12:00:00Z";

    // The earliest time that Table storage keeps is the beginning of 1601.
    private const int FirstYear = 1602;

    /// <summary>The time in a JSON string, in UTC; null if it is none.</summary>
    public static DateTimeOffset? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        && value.TryGetDateTimeOffset(out DateTimeOffset time)
        && value.TryGetDateTime(out DateTime parsed) && parsed.Kind != DateTimeKind.Unspecified
        && time.Year >= FirstYear
            ? time.ToUniversalTime()
            : null;

    /// <summary>The time in a text, in UTC; null if it is none.</summary>
    public static DateTimeOffset? Read(string text) => Read(JsonSerializer.SerializeToElement(text));
}
