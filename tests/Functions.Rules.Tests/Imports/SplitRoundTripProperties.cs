using System.Text;
using Chard.Functions.Imports.Rules;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Chard.Functions.Tests.Imports;

public sealed class SplitRoundTripProperties
{
    public sealed record Dialect(char Delimiter, string Ending, bool QuoteAll, string Encoding, bool Mark, int ChunkBytes);

    public static class Generators
    {
        private static readonly string[] Pieces =
            ["a", "b7", " ", "\"", "\"\"", ",", ";", "|", "\t", "\n", "\r", "\r\n", "ä", "€", "𝄞", "0", "", "-1", "x\"y", "\u2028"];

        public static Arbitrary<Dialect> Dialects() => Arb.From(
            from delimiter in Gen.Elements(',', ';', '\t', '|')
            from ending in Gen.Elements("\n", "\r\n", "\r")
            from quoteAll in Gen.Elements(true, false)
            from encoding in Gen.Elements(SourceEncodings.Utf8, SourceEncodings.Utf16LittleEndian, SourceEncodings.Utf16BigEndian)
            from mark in Gen.Elements(true, false)
            from chunkBytes in Gen.Choose(1, 80)
            select new Dialect(delimiter, ending, quoteAll, encoding, mark, chunkBytes));

        public static Arbitrary<string[][]> Tables()
        {
            var cell = Gen.ListOf(Gen.Elements(Pieces)).Select(p => string.Concat(p.Take(6)));
            return Arb.From(
                from width in Gen.Choose(1, 4)
                from rows in Gen.ListOf(Gen.ArrayOf(cell, width))
                select rows.ToArray());
        }
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(Generators)])]
    public void Split_AnyRecordsInAnyDialect_ParseBackTheSame(string[][] table, Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(dialect);
        var width = table.Length == 0 ? 2 : table[0].Length;
        var columns = Enumerable.Range(0, width).Select(i => $"c{i}").ToArray();
        var text = new StringBuilder();
        var lines = new List<long>();
        foreach (var row in table.Prepend(columns))
        {
            lines.Add(1 + CountBreaks(text.ToString()));
            text.Append(string.Join(dialect.Delimiter, row.Select(c => Written(c, dialect, width)))).Append(dialect.Ending);
        }

        var outcome = CsvImport.RunAsync(Encode(text.ToString(), dialect), dialect.ChunkBytes, string.Join(',', columns), dialect.Delimiter,
            dialect.Encoding).GetAwaiter().GetResult();

        Assert.Null(outcome.Fault);
        Assert.Empty(outcome.Errors);
        Assert.Equal(table, outcome.Rows.Select(r => r.Select(c => c.Kind == CellKind.Null ? "" : c.Text).ToArray()));

        // The same rows with a field too many each: every one is rejected, at the line where it starts.
        Assert.Equal(lines.Skip(1), RejectedLines(table, dialect, columns));
    }

    private static List<long> RejectedLines(string[][] table, Dialect dialect, string[] columns)
    {
        var text = new StringBuilder(string.Join(dialect.Delimiter, columns.Select(c => Written(c, dialect, columns.Length))))
            .Append(dialect.Ending);
        foreach (var row in table)
        {
            text.Append(string.Join(dialect.Delimiter, row.Append("more").Select(c => Written(c, dialect, columns.Length))))
                .Append(dialect.Ending);
        }

        return [.. CsvImport.RunAsync(Encode(text.ToString(), dialect), dialect.ChunkBytes, null, dialect.Delimiter, dialect.Encoding)
            .GetAwaiter().GetResult().Errors.Select(e => e.Line)];
    }

    private static string Written(string cell, Dialect dialect, int width)
    {
        // A quote needs quotes around it only where it comes first, but every writer puts them; an empty line would be no row.
        var quoted = dialect.QuoteAll || cell.AsSpan().IndexOfAny("\"\r\n") >= 0
            || cell.Contains(dialect.Delimiter, StringComparison.Ordinal) || (width == 1 && cell.Length == 0);
        return quoted ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }

    private static byte[] Encode(string text, Dialect dialect)
    {
        Encoding encoding = dialect.Encoding switch
        {
            SourceEncodings.Utf16LittleEndian => new UnicodeEncoding(bigEndian: false, dialect.Mark),
            SourceEncodings.Utf16BigEndian => new UnicodeEncoding(bigEndian: true, dialect.Mark),
            _ => new UTF8Encoding(dialect.Mark),
        };
        return [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
    }

    private static long CountBreaks(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Count(c => c is '\r' or '\n');
}
