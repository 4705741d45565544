using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure;

namespace Chard.Emulator.Tables.Entities;

/// <summary>How a member of type <typeparamref name="T"/> is written and read. Reading never sees a JSON null.</summary>
internal abstract class EdmCodec<T>
{
    public abstract void Write(Utf8JsonWriter writer, in PropertyName name, T value);

    /// <summary>Reads the value at hand.</summary>
    /// <exception cref="FormatException">The stored value is of another type.</exception>
    public abstract T Read(ref Utf8JsonReader reader);
}

internal sealed class StringCodec : EdmCodec<string>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, string value) => EdmWriter.Write(writer, name, value);

    // As the real one: a stored number or bool does not become text.
    public override string Read(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
}

internal sealed class Int32Codec : EdmCodec<int>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, int value) => EdmWriter.Write(writer, name, value);

    public override int Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : throw new FormatException("it is no Edm.Int32");
}

internal sealed class Int64Codec : EdmCodec<long>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, long value) => EdmWriter.Write(writer, name, value);

    public override long Read(ref Utf8JsonReader reader) => ReadInt64(ref reader);

    internal static long ReadInt64(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
        {
            return number;
        }

        return reader.TokenType == JsonTokenType.String && Utf8Parser.TryParse(reader.ValueSpan, out number, out var used) && used == reader.ValueSpan.Length
            ? number
            : throw new FormatException("it is no Edm.Int64");
    }
}

internal sealed class UInt64Codec : EdmCodec<ulong>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, ulong value) => EdmWriter.Write(writer, name, checked((long)value));

    public override ulong Read(ref Utf8JsonReader reader) => checked((ulong)Int64Codec.ReadInt64(ref reader));
}

internal sealed class DoubleCodec : EdmCodec<double>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, double value) => EdmWriter.Write(writer, name, value);

    public override double Read(ref Utf8JsonReader reader) => ReadDouble(ref reader);

    internal static double ReadDouble(ref Utf8JsonReader reader)
        => reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.String when reader.ValueTextEquals("NaN"u8) => double.NaN,
            JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
            JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
            JsonTokenType.String when double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
            _ => throw new FormatException("it is no Edm.Double"),
        };
}

internal sealed class BooleanCodec : EdmCodec<bool>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, bool value) => EdmWriter.Write(writer, name, value);

    public override bool Read(ref Utf8JsonReader reader)
        => reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw new FormatException("it is no Edm.Boolean");
}

internal sealed class GuidCodec : EdmCodec<Guid>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, Guid value) => EdmWriter.Write(writer, name, value);

    public override Guid Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value) ? value : throw new FormatException("it is no Edm.Guid");
}

internal sealed class DateTimeOffsetCodec : EdmCodec<DateTimeOffset>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, DateTimeOffset value) => EdmWriter.Write(writer, name, value);

    public override DateTimeOffset Read(ref Utf8JsonReader reader) => ReadTime(ref reader);

    internal static DateTimeOffset ReadTime(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value) ? value : throw new FormatException("it is no Edm.DateTime");
}

internal sealed class DateTimeCodec : EdmCodec<DateTime>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, DateTime value) => EdmWriter.Write(writer, name, value);

    public override DateTime Read(ref Utf8JsonReader reader) => DateTimeOffsetCodec.ReadTime(ref reader).UtcDateTime;
}

internal sealed class BytesCodec : EdmCodec<byte[]>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, byte[] value) => EdmWriter.Write(writer, name, value);

    public override byte[] Read(ref Utf8JsonReader reader) => ReadBytes(ref reader);

    internal static byte[] ReadBytes(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var value) ? value : throw new FormatException("it is no Edm.Binary");
}

internal sealed class BinaryDataCodec : EdmCodec<BinaryData>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, BinaryData value) => EdmWriter.Write(writer, name, value);

    public override BinaryData Read(ref Utf8JsonReader reader) => new(BytesCodec.ReadBytes(ref reader));
}

/// <summary>Reads the tag of the version; it is never written as a property.</summary>
internal sealed class ETagCodec : EdmCodec<ETag>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, ETag value) => EdmWriter.Write(writer, name, value.ToString());

    public override ETag Read(ref Utf8JsonReader reader) => new(reader.GetString());
}

/// <summary>Enums are stored by name, as the real client does it.</summary>
internal sealed class EnumCodec<T> : EdmCodec<T>
    where T : struct, Enum
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, T value) => EdmWriter.Write(writer, name, value.ToString());

    public override T Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String && Enum.TryParse<T>(reader.GetString(), out var value)
            ? value
            : throw new FormatException($"'{Encoding.UTF8.GetString(reader.ValueSpan)}' is no name of {typeof(T).Name}");
}

internal sealed class NullableCodec<T>(EdmCodec<T> inner) : EdmCodec<T?>
    where T : struct
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, T? value)
    {
        if (value is { } present)
        {
            inner.Write(writer, name, present);
        }
    }

    public override T? Read(ref Utf8JsonReader reader) => inner.Read(ref reader);
}

/// <summary>Stands where a type cannot be stored: harmless on reads, an error on a write that has a value.</summary>
internal sealed class UnsupportedCodec<T> : EdmCodec<T>
{
    public override void Write(Utf8JsonWriter writer, in PropertyName name, T value)
    {
        if (value is not null)
        {
            throw EdmWriter.Unsupported(name.ToString(), typeof(T));
        }
    }

    public override T Read(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return default;
    }
}
