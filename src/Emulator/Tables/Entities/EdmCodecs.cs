using Azure;

namespace Chard.Emulator.Tables.Entities;

/// <summary>Finds the codec of a type: one of the stored types, an enum, or a nullable of either.</summary>
internal static class EdmCodecs
{
    private static readonly Dictionary<Type, object> Stored = new()
    {
        [typeof(string)] = new StringCodec(),
        [typeof(int)] = new Int32Codec(),
        [typeof(long)] = new Int64Codec(),
        [typeof(ulong)] = new UInt64Codec(),
        [typeof(double)] = new DoubleCodec(),
        [typeof(bool)] = new BooleanCodec(),
        [typeof(Guid)] = new GuidCodec(),
        [typeof(DateTimeOffset)] = new DateTimeOffsetCodec(),
        [typeof(DateTime)] = new DateTimeCodec(),
        [typeof(byte[])] = new BytesCodec(),
        [typeof(BinaryData)] = new BinaryDataCodec(),
        [typeof(ETag)] = new ETagCodec(),
    };

    public static EdmCodec<T> For<T>() => (EdmCodec<T>)Find(typeof(T)) ?? new UnsupportedCodec<T>();

    private static object Find(Type type)
    {
        if (Stored.TryGetValue(type, out var codec))
        {
            return codec;
        }

        if (type.IsEnum)
        {
            return Activator.CreateInstance(typeof(EnumCodec<>).MakeGenericType(type));
        }

        return Nullable.GetUnderlyingType(type) is { } inner && Find(inner) is { } innerCodec
            ? Activator.CreateInstance(typeof(NullableCodec<>).MakeGenericType(inner), innerCodec)
            : null;
    }
}
