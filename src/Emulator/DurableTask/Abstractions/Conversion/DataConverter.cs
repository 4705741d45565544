using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask;

/// <summary>Turns inputs, results and states into text and back.</summary>
public abstract class DataConverter
{
    /// <summary>The value that <paramref name="data"/> holds; null for no text.</summary>
    [return: NotNullIfNotNull(nameof(data))]
    public abstract object? Deserialize(string? data, Type targetType);

    /// <summary>The value that <paramref name="data"/> holds; null for no text.</summary>
    /// <exception cref="NullReferenceException">There is no text, and <typeparamref name="T"/> has no null.</exception>
    [return: NotNullIfNotNull(nameof(data))]
    public virtual T? Deserialize<T>(string? data) => (T?)Deserialize(data, typeof(T));

    /// <summary>The text of a value; null for null.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public abstract string? Serialize(object? value);
}
