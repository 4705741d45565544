namespace Chard.Domain.Json;

/// <summary>The byte order mark that may lead a text in UTF-8.</summary>
public static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    /// <summary><paramref name="text"/> without its mark.</summary>
    public static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text) => text[LengthIn(text)..];

    /// <summary><paramref name="text"/> without its mark.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> text) => text[LengthIn(text.Span)..];

    private static int LengthIn(ReadOnlySpan<byte> text) => text.StartsWith(Utf8) ? Utf8.Length : 0;
}
