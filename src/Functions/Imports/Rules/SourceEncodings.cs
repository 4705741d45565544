using System.Text;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// The encodings a file may be in. A byte order mark decides; without one a file is UTF-8, or UTF-16 if every other byte of its
/// start is zero. Eight-bit code pages are never guessed, for a wrong guess corrupts names without a word: they are taken when the
/// caller gives them, and otherwise rows that are not UTF-8 are rejected.
/// </summary>
public static class SourceEncodings
{
    /// <summary>UTF-8, with or without a byte order mark.</summary>
    public const string Utf8 = "utf-8";

    /// <summary>UTF-16, low byte first.</summary>
    public const string Utf16LittleEndian = "utf-16le";

    /// <summary>UTF-16, high byte first.</summary>
    public const string Utf16BigEndian = "utf-16be";

    /// <summary>
    /// Stands for bytes that their encoding does not know, once the text is UTF-8: U+FFFF, which is no
    /// character and which no text may hold.
    /// </summary>
    internal static ReadOnlySpan<byte> InvalidMark => "\uFFFF"u8;

    /// <summary>The names a caller may give.</summary>
    public static IReadOnlyList<string> Names { get; } = [Utf8, Utf16LittleEndian, Utf16BigEndian, "windows-1252", "iso-8859-1"];

    /// <summary>
    /// The name as <see cref="Names"/> has it, or null for an encoding that is not taken. <c>utf8</c>, <c>utf-16</c>,
    /// <c>us-ascii</c>, <c>latin1</c> and <c>cp1252</c> are known too.
    /// </summary>
    public static string? Canonical(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Trim().ToUpperInvariant() switch
        {
            "UTF-8" or "UTF8" or "US-ASCII" or "ASCII" => Utf8,
            "UTF-16" or "UTF16" or "UTF-16LE" => Utf16LittleEndian,
            "UTF-16BE" => Utf16BigEndian,
            "WINDOWS-1252" or "CP1252" => "windows-1252",
            "ISO-8859-1" or "LATIN1" => "iso-8859-1",
            _ => null,
        };
    }

    /// <summary>The encoding that the start of a file shows, or null if it shows none: no byte order mark and no UTF-16.</summary>
    public static string? Detect(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8))
        {
            return Utf8;
        }

        if (head.Length >= 2 && head[0] == 0xFF && head[1] == 0xFE)
        {
            return Utf16LittleEndian;
        }

        if (head.Length >= 2 && head[0] == 0xFE && head[1] == 0xFF)
        {
            return Utf16BigEndian;
        }

        return DetectUtf16(head);
    }

    /// <summary>
    /// The file as a stream of UTF-8, byte order mark included. Bytes that the encoding does not know become U+FFFF, except in
    /// UTF-8 itself, whose bytes are left alone.
    /// </summary>
    public static Stream OpenUtf8(Stream source, string encoding) =>
        encoding == Utf8 ? source : Encoding.CreateTranscodingStream(source, Get(encoding), Encoding.UTF8, leaveOpen: false);

    /// <summary>The start of a file as UTF-8.</summary>
    internal static byte[] ToUtf8(ReadOnlySpan<byte> head, string encoding)
    {
        if (encoding == Utf8)
        {
            return head.ToArray();
        }

        var whole = encoding.StartsWith("utf-16", StringComparison.Ordinal) ? head[..(head.Length & ~1)] : head;
        return Encoding.UTF8.GetBytes(Get(encoding).GetString(whole));
    }

    private static Encoding Get(string encoding)
    {
        var fallback = new DecoderReplacementFallback("\uFFFF");
        var found = encoding switch
        {
            Utf16LittleEndian => Encoding.Unicode,
            Utf16BigEndian => Encoding.BigEndianUnicode,
            "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
            "iso-8859-1" => Encoding.Latin1,
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Not an encoding that files are taken in."),
        };
        var mine = (Encoding)found.Clone();
        mine.DecoderFallback = fallback;
        return mine;
    }

    // Text of which at least two in five characters are below U+0100 has a zero in every other byte, and hardly any in the bytes between.
    private static string? DetectUtf16(ReadOnlySpan<byte> head)
    {
        var pairs = head.Length / 2;
        if (pairs < 2)
        {
            return null;
        }

        var even = 0;
        var odd = 0;
        for (var i = 0; i < pairs; i++)
        {
            even += head[2 * i] == 0 ? 1 : 0;
            odd += head[(2 * i) + 1] == 0 ? 1 : 0;
        }

        return (even * 20 <= pairs, odd * 5 >= pairs * 2, odd * 20 <= pairs, even * 5 >= pairs * 2) switch
        {
            (true, true, _, _) => Utf16LittleEndian,
            (_, _, true, true) => Utf16BigEndian,
            _ => null,
        };
    }
}
