using System.Text;

namespace Chard.Domain.Json;

/// <summary>The byte order mark that may lead a text in UTF-8.</summary>
public static class ByteOrderMark
{
    /// <summary><paramref name="text"/> without its mark.</summary>
    public static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text) => text[LengthIn(text)..];

    /// <summary><paramref name="text"/> without its mark.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> text) => text[LengthIn(text.Span)..];

    private static int LengthIn(ReadOnlySpan<byte> text) =>
        text.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
}
