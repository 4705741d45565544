namespace Chard.Functions.Imports.Rules;

/// <summary>Refuses what can be refused from the start of a file alone, before it is stored and anything is started.</summary>
public static class CsvUpload
{
    /// <summary>Looks at the start of a file.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="isWhole">Whether there are no more.</param>
    /// <param name="args">What the caller says; <see cref="ImportCsvArgsValidator"/> has passed it.</param>
    /// <param name="charset">The encoding that the transport names, or null.</param>
    /// <returns>Why the file is refused, or null.</returns>
    public static async Task<ImportFault?> CheckAsync(ReadOnlyMemory<byte> head, bool isWhole, ImportCsvArgs args, string? charset)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (layout, fault) = await CsvSniffer.SniffAsync(head, args, charset).ConfigureAwait(false);
        if (fault is not null)
        {
            return fault;
        }

        // Of a file that goes on only whole lines are looked at; a header that seems broken may just be longer than that.
        var text = SourceEncodings.ToUtf8(head.Span, layout.Encoding);
        var length = isWhole ? text.Length : text.AsSpan().LastIndexOf((byte)'\n') + 1;
        using var stream = new MemoryStream(text, 0, length);
        (_, fault) = await CsvHeader.ReadAsync(stream, layout, ColumnSpec.Of(args)).ConfigureAwait(false);
        return isWhole || fault?.Code is "too-many-columns" or "columns-mismatch" ? fault : null;
    }
}
