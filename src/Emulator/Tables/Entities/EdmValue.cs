using System.Text.Json;

namespace Chard.Emulator.Tables.Entities;

/// <summary>What an annotation says of a value; none where JSON tells it.</summary>
internal enum EdmKind
{
    None,
    Binary,
    DateTime,
    Double,
    Guid,
    Int64,
}

/// <summary>Reads a value of a <see cref="Azure.Data.Tables.TableEntity"/>.</summary>
internal static class EdmValue
{
    private static readonly object True = true;
    private static readonly object False = false;

    public static EdmKind KindOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals(EdmType.Int64.EncodedUtf8Bytes))
        {
            return EdmKind.Int64;
        }

        if (reader.ValueTextEquals(EdmType.DateTime.EncodedUtf8Bytes))
        {
            return EdmKind.DateTime;
        }

        if (reader.ValueTextEquals(EdmType.Guid.EncodedUtf8Bytes))
        {
            return EdmKind.Guid;
        }

        if (reader.ValueTextEquals(EdmType.Binary.EncodedUtf8Bytes))
        {
            return EdmKind.Binary;
        }

        return reader.ValueTextEquals(EdmType.Double.EncodedUtf8Bytes) ? EdmKind.Double : EdmKind.None;
    }

    public static object Read(ref Utf8JsonReader reader, string name, EdmKind kind)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        try
        {
            return kind switch
            {
                EdmKind.Binary => BytesCodec.ReadBytes(ref reader),
                EdmKind.DateTime => DateTimeOffsetCodec.ReadTime(ref reader),
                EdmKind.Double => DoubleCodec.ReadDouble(ref reader),
                EdmKind.Guid => reader.GetGuid(),
                EdmKind.Int64 => Int64Codec.ReadInt64(ref reader),
                _ => ReadPlain(ref reader),
            };
        }
        catch (FormatException exception)
        {
            throw new InvalidCastException($"The stored property '{name}' cannot be read: {exception.Message}.", exception);
        }
    }

    private static object ReadPlain(ref Utf8JsonReader reader)
        => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.True => True,
            JsonTokenType.False => False,
            // The service writes whole doubles with a fraction (5.0), so a number without one is an Edm.Int32.
            JsonTokenType.Number when reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 && reader.TryGetInt32(out var number) => number,
            JsonTokenType.Number => reader.GetDouble(),
            _ => throw new FormatException($"a {reader.TokenType} is no value of a table"),
        };
}
