using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

/// <summary>A value as text, with what reads it.</summary>
/// <param name="data">The text.</param>
/// <param name="converter">What reads it; null for <see cref="JsonDataConverter.Default"/>.</param>
public sealed class SerializedData(string data, DataConverter? converter = null)
{
    /// <summary>The text.</summary>
    public string Value { get; } = data;

    /// <summary>What reads it.</summary>
    public DataConverter Converter { get; } = converter ?? JsonDataConverter.Default;

    /// <summary>The value.</summary>
    public T ReadAs<T>() => Converter.Deserialize<T>(Value);
}
