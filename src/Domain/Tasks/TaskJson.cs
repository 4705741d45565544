using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chard.Domain.Tasks;

/// <summary>The one way in which arguments and results of tasks are written and read.</summary>
public static class TaskJson
{
    /// <summary>camelCase names, read in any case; enums as camelCase names; nothing else unusual. Depth up to 64.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary><paramref name="value"/> as JSON; null becomes JSON null.</summary>
    /// <exception cref="NotJsonException">It does not survive JSON; says which member.</exception>
    public static JsonElement ToElement(object? value)
    {
        try
        {
            return value is JsonElement element
                ? element.ValueKind == JsonValueKind.Undefined ? Null : element
                : JsonSerializer.SerializeToElement(value, value?.GetType() ?? typeof(object), Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            // A cycle, a delegate, a stream: the serializer's words name the member.
            throw new NotJsonException($"A value of type {value!.GetType().Name} does not survive JSON: {e.Message}", e);
        }
    }

    public static JsonElement Null { get; } = JsonElement.Parse("null");

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary>A value cannot be written as JSON and read back: it holds a cycle, a stream, a delegate or the like.</summary>
public sealed class NotJsonException(string message, Exception? inner = null) : Exception(message, inner);
