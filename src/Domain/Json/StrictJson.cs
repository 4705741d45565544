using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Chard.Domain.Json;

/// <summary>
/// Reads JSON from outside: no member twice, at most 64 levels unless told otherwise, and no half surrogate pairs, so
/// that every string of what was read can be used later without a surprise. A byte order mark before it is no fault:
/// many tools on Windows write one.
/// </summary>
public static class StrictJson
{
    /// <summary>Reads <paramref name="utf8"/>; if it is not JSON, <paramref name="fault"/> says why.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out JsonElement value, [NotNullWhen(false)] out string? fault, int maxDepth = 64)
    {
        value = default;
        try
        {
            JsonElement parsed = JsonElement.Parse(
                ByteOrderMark.Skip(utf8), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
            TouchStrings(parsed);
            value = parsed;
            fault = null;
            return true;
        }
        catch (JsonException e)
        {
            fault = e.Message;
            return false;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for text that is escaped correctly but is no Unicode.
            fault = "a string has half of a surrogate pair.";
            return false;
        }
    }

    private static void TouchStrings(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    _ = property.Name;
                    TouchStrings(property.Value);
                }

                break;

            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    TouchStrings(item);
                }

                break;

            case JsonValueKind.String:
                _ = value.GetString();
                break;
        }
    }
}
