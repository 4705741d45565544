using System.Buffers;
using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Domain.Canvases;

/// <summary>
/// References in arguments: a string that is exactly <c>$prev</c>, <c>$item</c> or <c>$input</c>, or one of them followed by a JSON
/// Pointer (<c>$prev/rows/0</c>), stands for that value. Every other string stands for itself; <c>$$prev</c> is the text "$prev".
/// </summary>
public static class References
{
    /// <summary>Which value a reference starts from.</summary>
    public enum Root
    {
        /// <summary>What came before.</summary>
        Prev,

        /// <summary>The item of a map.</summary>
        Item,

        /// <summary>The workflow's own input.</summary>
        Input,
    }

    /// <summary>Reads a string as a reference. False if it is an ordinary one.</summary>
    public static bool TryParse(string? text, out Root root, out string pointer)
    {
        root = default;
        pointer = "";
        if (text is null || text.Length < 5 || text[0] != '$')
        {
            return false;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string name = slash < 0 ? text : text[..slash];
        pointer = slash < 0 ? "" : text[slash..];
        switch (name)
        {
            case "$prev":
                root = Root.Prev;
                return true;
            case "$item":
                root = Root.Item;
                return true;
            case "$input":
                root = Root.Input;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The references in <paramref name="value"/>, each with the place it stands at.</summary>
    public static IEnumerable<(Root Root, string At)> In(JsonElement value, string at = "")
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when TryParse(value.GetString(), out Root root, out _):
                yield return (root, at);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    foreach ((Root Root, string At) found in In(property.Value, $"{at}/{JsonPointer.Escape(property.Name)}"))
                    {
                        yield return found;
                    }
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    foreach ((Root Root, string At) found in In(item, $"{at}/{index}"))
                    {
                        yield return found;
                    }

                    index++;
                }

                break;
        }
    }

    /// <summary>True if nothing in <paramref name="value"/> has to be replaced: no reference, and no <c>$$</c>.</summary>
    public static bool IsPlain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is not ['$', ..] text
            || !(text.StartsWith("$$", StringComparison.Ordinal) || TryParse(text, out _, out _)),
        JsonValueKind.Object => value.EnumerateObject().All(p => IsPlain(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsPlain),
        _ => true,
    };

    /// <summary><paramref name="value"/> with every reference replaced.</summary>
    /// <exception cref="Failures.PermanentTaskException">Code <c>reference-missing</c>: a pointer leads nowhere.</exception>
    public static JsonElement Resolve(JsonElement value, JsonElement? prev, JsonElement? item, JsonElement? input)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return ResolveText(value, prev, item, input);
        }

        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return value;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value, prev, item, input);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static JsonElement ResolveText(JsonElement value, JsonElement? prev, JsonElement? item, JsonElement? input)
    {
        string text = value.GetString()!;
        if (!TryParse(text, out Root root, out string pointer))
        {
            return text.StartsWith("$$", StringComparison.Ordinal) ? JsonSerializer.SerializeToElement(text[1..]) : value;
        }

        JsonElement? start = root switch { Root.Prev => prev, Root.Item => item, _ => input };
        return start is { } found && JsonPointer.TryEvaluate(found, pointer, out JsonElement target)
            ? target
            : throw new Failures.PermanentTaskException(
                "reference-missing", $"'{text}' leads to nothing: the value it starts from has no such place.");
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, JsonElement? prev, JsonElement? item, JsonElement? input)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, prev, item, input);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement member in value.EnumerateArray())
                {
                    Write(writer, member, prev, item, input);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                ResolveText(value, prev, item, input).WriteTo(writer);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
