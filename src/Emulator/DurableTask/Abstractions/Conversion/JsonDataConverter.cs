using System.Text.Json;

namespace Microsoft.DurableTask.Converters;

/// <summary>
/// Converts by System.Text.Json. Without options: fields included, names as written, reads that regard case,
/// enums as numbers, and no text at all for null.
/// </summary>
public class JsonDataConverter : DataConverter
{
    private static readonly JsonSerializerOptions DefaultOptions = new() { IncludeFields = true };

    private readonly JsonSerializerOptions options;

    /// <summary>A converter with the given options, or the default ones.</summary>
    public JsonDataConverter(JsonSerializerOptions? options = null) => this.options = options ?? DefaultOptions;

    /// <summary>The converter with the default options.</summary>
    public static JsonDataConverter Default { get; } = new();

    /// <summary>The options in use.</summary>
    internal JsonSerializerOptions SerializerOptions => options;

    /// <inheritdoc/>
    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, options);

    /// <inheritdoc/>
    public override object? Deserialize(string? data, Type targetType) => data is null ? null : JsonSerializer.Deserialize(data, targetType, options);
}
