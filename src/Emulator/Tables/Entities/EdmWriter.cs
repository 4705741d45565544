using System.Globalization;
using System.Text.Json;

namespace Chard.Emulator.Tables.Entities;

/// <summary>Writes one property: its type's annotation where JSON cannot tell the type, its name, its value. A null writes nothing: the service stores none.</summary>
internal static class EdmWriter
{
    public static void Write(Utf8JsonWriter writer, in PropertyName name, string value)
    {
        if (value is not null)
        {
            name.Write(writer);
            writer.WriteStringValue(value);
        }
    }

    public static void Write(Utf8JsonWriter writer, in PropertyName name, int value)
    {
        name.Write(writer);
        writer.WriteNumberValue(value);
    }

    public static void Write(Utf8JsonWriter writer, in PropertyName name, bool value)
    {
        name.Write(writer);
        writer.WriteBooleanValue(value);
    }

    public static void Write(Utf8JsonWriter writer, in PropertyName name, long value)
    {
        name.Write(writer, EdmType.Int64);
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }

    public static void Write(Utf8JsonWriter writer, in PropertyName name, double value)
    {
        name.Write(writer, EdmType.Double);
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
        }
    }

    public static void Write(Utf8JsonWriter writer, in PropertyName name, Guid value)
    {
        name.Write(writer, EdmType.Guid);
        writer.WriteStringValue(value);
    }

    public static void Write(Utf8JsonWriter writer, in PropertyName name, DateTimeOffset value)
        => WriteUtc(writer, name, value.UtcDateTime);

    public static void Write(Utf8JsonWriter writer, in PropertyName name, DateTime value)
        => WriteUtc(
            writer,
            name,
            value.Kind == DateTimeKind.Utc
                ? value
                : throw new NotSupportedException($"Property '{name.ToString()}' holds a DateTime of kind {value.Kind}: the service keeps UTC only. Convert it with ToUniversalTime, or use DateTimeOffset."));

    public static void Write(Utf8JsonWriter writer, in PropertyName name, byte[] value)
    {
        if (value is not null)
        {
            name.Write(writer, EdmType.Binary);
            writer.WriteBase64StringValue(value);
        }
    }

    public static void Write(Utf8JsonWriter writer, in PropertyName name, BinaryData value)
    {
        if (value is not null)
        {
            name.Write(writer, EdmType.Binary);
            writer.WriteBase64StringValue(value.ToMemory().Span);
        }
    }

    /// <summary>Writes a value by its run-time type.</summary>
    /// <exception cref="NotSupportedException">The service has no type for it.</exception>
    public static void Write(Utf8JsonWriter writer, in PropertyName name, object value)
    {
        switch (value)
        {
            case null: break;
            case string text: Write(writer, name, text); break;
            case int number: Write(writer, name, number); break;
            case long number: Write(writer, name, number); break;
            case double number: Write(writer, name, number); break;
            case bool flag: Write(writer, name, flag); break;
            case Guid guid: Write(writer, name, guid); break;
            case DateTimeOffset time: Write(writer, name, time); break;
            case DateTime time: Write(writer, name, time); break;
            case byte[] bytes: Write(writer, name, bytes); break;
            case BinaryData data: Write(writer, name, data); break;
            default: throw Unsupported(name.ToString(), value.GetType());
        }
    }

    public static NotSupportedException Unsupported(string name, Type type)
        => new($"Property '{name}' is of type {type}, which Table storage cannot hold. Use string, int, long, double, bool, Guid, DateTime, DateTimeOffset, byte[], BinaryData or (in a class) an enum; or leave the property out with [IgnoreDataMember].");

    private static void WriteUtc(Utf8JsonWriter writer, in PropertyName name, DateTime value)
    {
        name.Write(writer, EdmType.DateTime);
        Span<byte> text = stackalloc byte[28];
        value.TryFormat(text, out var length, "O", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
