using System.Text;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

/// <summary>Runs the pure part of an import, from bytes to rows, as the activities do.</summary>
internal static class CsvImport
{
    public sealed record Outcome(
        ImportFault? Fault, CsvLayout? Layout, RowFormat? Format, IReadOnlyList<IReadOnlyList<Cell>> Rows, IReadOnlyList<RowError> Errors,
        int Chunks, long Records, long Rejected)
    {
        public IReadOnlyList<ImportColumn> Columns => Format?.Columns ?? [];

        public IReadOnlyList<string> Texts => [.. Rows.Select(r => string.Join('|', r.Select(c => c.ToString())))];

        public string Schema => string.Join(", ", Columns.Select(c => $"{c.Name}:{c.Type.ToString().ToLowerInvariant()}"));
    }

    public static Task<Outcome> RunAsync(
        string text, int chunkBytes = ImportLimits.ChunkBytes, string? columns = null, char? delimiter = null, bool? header = null) =>
        RunAsync(Encoding.UTF8.GetBytes(text), chunkBytes, columns, delimiter, header: header);

    public static async Task<Outcome> RunAsync(
        byte[] file, int chunkBytes = ImportLimits.ChunkBytes, string? columns = null, char? delimiter = null, string? encoding = null,
        int maxErrors = 1000, bool? header = null)
    {
        var args = new ImportCsvArgs { Columns = columns, Delimiter = delimiter?.ToString(), Encoding = encoding, Header = header };
        Assert.Empty(ImportCsvArgsValidator.ValidateSettings(args));
        var given = ColumnSpec.Of(args);
        var head = file.AsMemory(0, Math.Min(file.Length, ImportLimits.HeadBytes));
        var (layout, fault) = await CsvSniffer.SniffAsync(head, args, null);
        if (fault is null)
        {
            (layout, fault) = await CsvHeader.ReadAsync(Open(file, layout), layout, given);
        }

        var whole = head.Length == file.Length;
        Assert.Equal(fault, await CsvUpload.CheckAsync(head, whole, args, null) ?? (whole ? null : fault));
        if (fault is not null)
        {
            return new Outcome(fault, layout, null, [], [], 0, 0, 0);
        }

        var chunks = new List<CsvChunk>();
        var split = await new CsvSplitter(layout, given is null, maxErrors, chunkBytes).RunAsync(Open(file, layout), (chunk, _) =>
        {
            chunks.Add(chunk with { Content = chunk.Content.ToArray() });
            return Task.CompletedTask;
        });
        var table = given ?? [.. layout.Names.Zip(split.Rows.Types, (n, t) => new ImportColumn(n, t ?? ColumnType.Text))];
        var format = new RowFormat(table, layout.Delimiter, Exact: given is null, split.Rows.TrailingDelimiter);
        var rows = new List<IReadOnlyList<Cell>>();
        var errors = split.Errors.ToList();
        var rejected = split.Rejected;
        foreach (var chunk in chunks)
        {
            using var reader = new ChunkRows(chunk.Content, chunk.FirstLine, format, maxErrors);
            while (reader.Read())
            {
                rows.Add(reader.Row.ToArray());
            }

            Assert.Equal(chunk.Records, reader.Good + reader.Rejected);
            errors.AddRange(reader.Errors);
            rejected += reader.Rejected;
        }

        Assert.False(split.Rows.NoneFits && rows.Count > 0);
        return new Outcome(null, layout, format, rows, [.. errors.OrderBy(e => e.Line)], split.Chunks, split.Records, rejected);
    }

    // Reads come in odd sizes, as from a network.
    private static Stream Open(byte[] file, CsvLayout layout) => SourceEncodings.OpenUtf8(new TricklingStream(file), layout.Encoding);
}
