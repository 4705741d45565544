using System.Text;
using Chard.Domain.Imports;

namespace Chard.Domain.Tests.Imports;

/// <summary>Runs the pure part of an import, from bytes to rows, as the activities do.</summary>
internal static class CsvImport
{
    public sealed record Outcome(ImportFault? Fault, CsvLayout? Layout, IReadOnlyList<ImportColumn> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, IReadOnlyList<RowError> Errors, int Chunks, long Records, long Rejected)
    {
        public IReadOnlyList<string> Texts => [.. Rows.Select(r => string.Join('|', r.Select(c => c.ToString())))];

        public string Schema => string.Join(", ", Columns.Select(c => $"{c.Name}:{c.Type.ToString().ToLowerInvariant()}"));
    }

    public static Task<Outcome> RunAsync(string text, int chunkBytes = ImportLimits.ChunkBytes, string? columns = null, char? delimiter = null) =>
        RunAsync(Encoding.UTF8.GetBytes(text), chunkBytes, columns, delimiter);

    public static async Task<Outcome> RunAsync(byte[] file, int chunkBytes = ImportLimits.ChunkBytes, string? columns = null, char? delimiter = null, string? encoding = null, int maxErrors = 1000)
    {
        var fault = CsvSniffer.Sniff(file.AsSpan(0, Math.Min(file.Length, ImportLimits.HeadBytes)), encoding, null, delimiter, out var layout);
        if (fault is not null)
        {
            return new Outcome(fault, null, [], [], [], 0, 0, 0);
        }

        (layout, fault) = await CsvHeader.ReadAsync(Open(file, layout), layout);
        IReadOnlyList<ImportColumn> given = [];
        if (fault is null && columns is not null)
        {
            Assert.Null(ColumnSpec.TryParse(columns, out given));
            fault = CsvHeader.Match(given, layout.Names);
        }

        if (fault is not null)
        {
            return new Outcome(fault, layout, [], [], [], 0, 0, 0);
        }

        var chunks = new List<CsvChunk>();
        var split = await new CsvSplitter(layout, columns is null, maxErrors, chunkBytes).RunAsync(Open(file, layout), (chunk, _) =>
        {
            chunks.Add(chunk with { Content = chunk.Content.ToArray() });
            return Task.CompletedTask;
        });
        var table = columns is null ? [.. layout.Names.Zip(split.Types, (n, t) => new ImportColumn(n, t ?? ColumnType.Text))] : given;
        var rows = new List<IReadOnlyList<Cell>>();
        var errors = split.Errors.ToList();
        var rejected = split.Rejected;
        foreach (var chunk in chunks)
        {
            using var reader = new ChunkRows(chunk.Content, chunk.FirstLine, table, layout.Delimiter, maxErrors);
            while (reader.Read())
            {
                rows.Add(reader.Row.ToArray());
            }

            Assert.Equal(chunk.Records, reader.Good + reader.Rejected);
            errors.AddRange(reader.Errors);
            rejected += reader.Rejected;
        }

        return new Outcome(null, layout, table, rows, [.. errors.OrderBy(e => e.Line)], split.Chunks, split.Records, rejected);
    }

    // Reads come in odd sizes, as from a network.
    private static Stream Open(byte[] file, CsvLayout layout) => SourceEncodings.OpenUtf8(new TricklingStream(file), layout.Encoding);
}
