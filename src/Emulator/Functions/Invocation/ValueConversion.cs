using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>Turns binding data, mostly text, into the type of a parameter.</summary>
internal static class ValueConversion
{
    /// <summary>Whether text can become such a value without JSON.</summary>
    public static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type == typeof(object) || type.IsPrimitive || type.IsEnum || type == typeof(decimal) || type == typeof(Guid)
            || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly)
            || type == typeof(TimeSpan) || type == typeof(Uri);
    }

    /// <summary>FormatException or JsonException where the source does not fit.</summary>
    public static object? Convert(object? source, Type target, WorkerSerializer serializer)
    {
        if (source is null || target.IsInstanceOfType(source))
        {
            return source;
        }

        var type = Nullable.GetUnderlyingType(target) ?? target;
        if (source is string text)
        {
            return FromText(text, type, serializer);
        }

        if (type == typeof(string))
        {
            return source is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : source.ToString();
        }

        if (source is DateTimeOffset moment && type == typeof(DateTime))
        {
            return moment.UtcDateTime;
        }

        return source is IConvertible && typeof(IConvertible).IsAssignableFrom(type)
            ? System.Convert.ChangeType(source, type, CultureInfo.InvariantCulture)
            : throw new FormatException($"A {source.GetType()} cannot become a {target}.");
    }

    private static object? FromText(string text, Type type, WorkerSerializer serializer)
    {
        if (!IsSimple(type))
        {
            return type == typeof(JsonElement) ? JsonElement.Parse(text) : serializer.Deserialize(text, type);
        }

        if (type == typeof(Guid))
        {
            return Guid.Parse(text);
        }

        if (type == typeof(DateTimeOffset))
        {
            return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        }

        if (type == typeof(DateTime))
        {
            return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
        }

        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"'{text}' is not a {type}.", error);
        }
    }
}
