using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Chard.Domain.Json;

/// <summary>One text for JSON values that mean the same: members in ordinal order, no white space. Numbers keep their text.</summary>
public static class CanonicalJson
{
    /// <summary>The canonical text of <paramref name="value"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="number">Writes each number in another way; null: as its text.</param>
    public static string Serialize(JsonElement value, Action<Utf8JsonWriter, JsonElement>? number = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value, number);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Action<Utf8JsonWriter, JsonElement>? number)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, number);
                }

                writer.WriteEndObject();
                break;

            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(writer, item, number);
                }

                writer.WriteEndArray();
                break;

            case JsonValueKind.Number when number is not null:
                number(writer, value);
                break;

            default:
                value.WriteTo(writer);
                break;
        }
    }
}
