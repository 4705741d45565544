using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace Chard.Emulator.DurableTask;

/// <summary>Values to UTF-8 JSON and back by the app's converter; by its serializer directly where that is known.</summary>
internal sealed class PayloadCodec(DataConverter converter)
{
    private readonly JsonSerializerOptions? json = converter.GetType() == typeof(JsonDataConverter) ? ((JsonDataConverter)converter).SerializerOptions : null;

    public DataConverter Converter => converter;

    public static string? Text(byte[]? payload) => payload is null ? null : Encoding.UTF8.GetString(payload);

    public static byte[]? FromText(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    [return: NotNullIfNotNull(nameof(value))]
    public byte[]? Serialize(object? value)
    {
        if (value is null)
        {
            return null;
        }

        return json is null ? FromText(converter.Serialize(value))! : JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), json);
    }

    public T? Deserialize<T>(byte[]? payload)
    {
        if (payload is null)
        {
            return default;
        }

        return json is null ? converter.Deserialize<T>(Text(payload)) : JsonSerializer.Deserialize<T>(payload, json);
    }

    public object? Deserialize(byte[]? payload, Type type)
    {
        if (payload is null)
        {
            return null;
        }

        return json is null ? converter.Deserialize(Text(payload), type) : JsonSerializer.Deserialize(payload, type, json);
    }
}
