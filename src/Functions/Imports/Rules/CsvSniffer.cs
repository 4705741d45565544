using System.Text;

namespace Chard.Functions.Imports.Rules;

/// <summary>Looks at the start of a file: whether it is CSV at all, its encoding, its delimiter.</summary>
public static class CsvSniffer
{
    private static readonly (byte[] Start, string What)[] Signatures =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a ZIP file such as .xlsx: export the sheet as CSV"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an Office document such as .xls: export the sheet as CSV"),
        ([0x1F, 0x8B], "gzip: send it uncompressed"),
        ("%PDF"u8.ToArray(), "a PDF"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ("PAR1"u8.ToArray(), "a Parquet file"),
        ("SQLite format 3"u8.ToArray(), "a SQLite database"),
    ];

    private static readonly string[] OtherText = ["{\"", "[{", "[[", "<?xml", "<html", "<!doctype"];

    /// <summary>Looks at the start of a file.</summary>
    /// <param name="head">Its first bytes, at most <see cref="ImportLimits.HeadBytes"/>.</param>
    /// <param name="args">What the caller says of encoding, delimiter and header.</param>
    /// <param name="charset">What the transport says the encoding is, believed where neither the caller nor a byte
    /// order mark speaks; or null.</param>
    /// <returns>The layout, without names of columns, and why the file cannot be CSV, or null.</returns>
    public static async Task<(CsvLayout Found, ImportFault? Fault)> SniffAsync(
        ReadOnlyMemory<byte> head, ImportCsvArgs args, string? charset)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (text, name, fault) = Read(head.Span, args.Encoding, charset);
        var delimiter = Delimiters.Parse(args.Delimiter) ?? Delimiters.None;
        if (args.Delimiter is null && fault is null)
        {
            delimiter = await DelimiterFinder.FindAsync(text, head.Length < ImportLimits.HeadBytes).ConfigureAwait(false);
        }

        return (new CsvLayout(name, delimiter, args.Header ?? true, []), fault);
    }

    private static (ReadOnlyMemory<byte> Text, string Encoding, ImportFault? Fault) Read(
        ReadOnlySpan<byte> head, string? encoding, string? charset)
    {
        if (head.IsEmpty)
        {
            return Refuse("empty-file", "The file is empty: send a CSV file with a header.");
        }

        foreach (var (start, what) in Signatures)
        {
            if (head.StartsWith(start))
            {
                return Refuse("not-csv", $"The file is not CSV but {what}.");
            }
        }

        var name = (encoding is null ? null : SourceEncodings.Canonical(encoding))
            ?? SourceEncodings.Detect(head)
            ?? (charset is null ? null : SourceEncodings.Canonical(charset))
            ?? SourceEncodings.Utf8;
        var text = SourceEncodings.ToUtf8(head, name);
        var body = text.AsMemory(text.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        if (body.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return Refuse("empty-file", "The file holds nothing but white space: send a CSV file with a header.");
        }

        if (IsBinary(body.Span))
        {
            return Refuse("not-csv", "The file is not text: it is full of NUL bytes or control characters. Send CSV as UTF-8 or UTF-16.");
        }

        if (OtherFormat(body.Span) is { } other)
        {
            return Refuse("not-csv", $"The file is not CSV: it starts with {other}.");
        }

        return (body, name, null);

        static (ReadOnlyMemory<byte>, string, ImportFault?) Refuse(string code, string message) =>
            (default, SourceEncodings.Utf8, new(code, message));
    }

    // One stray control character is a bad row; one in twenty, or a NUL in the first line, is another kind of file.
    private static bool IsBinary(ReadOnlySpan<byte> text)
    {
        var controls = 0;
        foreach (var b in text)
        {
            controls += b < ' ' && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f') ? 1 : 0;
        }

        var firstBreak = text.IndexOfAny("\r\n"u8);
        return controls * 20 > text.Length || text[..(firstBreak < 0 ? text.Length : firstBreak)].Contains((byte)0);
    }

    private static string? OtherFormat(ReadOnlySpan<byte> text)
    {
        var start = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 512)]).TrimStart();
        return OtherText.FirstOrDefault(s => start.StartsWith(s, StringComparison.OrdinalIgnoreCase));
    }
}
