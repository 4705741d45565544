using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chard.Domain.Json;

/// <summary>
/// Brings any JSON to activities digit for digit. The durable extension reads the input of an activity into objects and writes it
/// again, and so turns every fraction into the nearest double: <c>12345678901234567.89</c> would arrive as
/// <c>12345678901234568.0</c>, and <c>1.10</c> as <c>1.1</c>. JSON that holds such a number travels as text, <c>{"$json":"…"}</c>.
/// For each member of an activity's input that holds any JSON.
/// </summary>
public sealed class ExactNumbers : JsonConverter<JsonElement>
{
    private const string Member = "$json";

    private static readonly SearchValues<char> Ending = SearchValues.Create(".E");

    /// <inheritdoc/>
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement element = JsonElement.ParseValue(ref reader);
        return IsWrapped(element) ? JsonElement.Parse(element.GetProperty(Member).GetString()!) : element;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
            return;
        }

        // What looks like a wrapped value and is none is wrapped too, so that it comes back as it was.
        ReadOnlySpan<byte> json = JsonMarshal.GetRawUtf8Value(value);
        if (!IsWrapped(value) && IsKept(json))
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(Member, json);
        writer.WriteEndObject();
    }

    private static bool IsWrapped(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 1
        && value.TryGetProperty(Member, out JsonElement text) && text.ValueKind == JsonValueKind.String;

    /// <summary>Whether each number would be written again as it stands.</summary>
    private static bool IsKept(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && !IsKeptNumber(reader.ValueSpan))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKeptNumber(ReadOnlySpan<byte> digits)
    {
        if (!digits.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            // Whole numbers of any length are kept, but for the sign of nothing.
            return !digits.SequenceEqual("-0"u8);
        }

        // A fraction is written as a double's shortest digits, and never without a point or an exponent.
        string text = Encoding.ASCII.GetString(digits);
        string again = double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        return text == (again.AsSpan().ContainsAny(Ending) ? again : again + ".0");
    }
}
