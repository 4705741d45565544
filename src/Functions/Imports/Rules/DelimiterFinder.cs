using System.Buffers;
using CsvHelper;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Finds the delimiter of a file in its start: one that the header holds outside quotes and that divides the rows alike, which is at least
/// half of them into the same number of fields, two or more. If there is none, the file has one column, whatever its texts hold.
/// </summary>
internal static class DelimiterFinder
{
    private static readonly char[] Candidates = [',', ';', '\t', '|'];

    /// <summary>Finds the delimiter.</summary>
    /// <param name="text">The start of the file in UTF-8, without a byte order mark.</param>
    /// <param name="isWhole">Whether that is all of it; otherwise the last record may be cut off and is not looked at.</param>
    /// <returns>The delimiter, or <see cref="Delimiters.None"/>.</returns>
    public static async Task<char> FindAsync(ReadOnlyMemory<byte> text, bool isWhole)
    {
        var best = Delimiters.None;
        var bestScore = (Fit: 0.0, Alike: 0.0, Fields: 0);
        foreach (var candidate in Candidates)
        {
            var (hint, counts) = await CountAsync(text, isWhole, candidate).ConfigureAwait(false);
            if (hint is { } named)
            {
                return named;
            }

            if (Score(counts) is { } score && score.CompareTo(bestScore) > 0)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    // The share of rows that fit the header, then the share of rows that are alike, then the number of fields.
    private static (double Fit, double Alike, int Fields)? Score(List<int> counts)
    {
        if (counts.Count == 0 || counts[0] < 2)
        {
            return null;
        }

        if (counts.Count == 1)
        {
            return (1, 1, counts[0]);
        }

        var rows = (double)counts.Count - 1;
        var most = counts.Skip(1).CountBy(c => c).MaxBy(c => (c.Value, c.Key));
        var fit = counts.Skip(1).Count(c => c == counts[0] || c == counts[0] + 1);
        return most.Key < 2 || most.Value * 2 < rows ? null : (fit / rows, most.Value / rows, counts[0]);
    }

    // The number of fields of the header and each row that can be read.
    private static async Task<(char? Hint, List<int> Counts)> CountAsync(ReadOnlyMemory<byte> text, bool isWhole, char delimiter)
    {
        using var stream = new MemoryStream(text.ToArray(), writable: false);
        var scanner = new RecordScanner(stream, delimiter, text.Length);
        var good = new ArrayBufferWriter<byte>(text.Length + 1);
        var first = true;
        var atEnd = 0;
        while (await scanner.ReadAsync().ConfigureAwait(false))
        {
            if (scanner.Current.Fault != RecordFault.None || scanner.Content.IsEmpty)
            {
                continue;
            }

            if (first && CsvHeader.Hint(scanner.Content.Span) is { } hint)
            {
                if (Delimiters.TryParse(hint.ToString(), out var named))
                {
                    return (named, []);
                }

                continue;
            }

            first = false;
            atEnd = good.WrittenCount;
            good.Write(scanner.Raw.Span);
        }

        var length = isWhole || atEnd == 0 ? good.WrittenCount : atEnd;
        using var reader = CsvReader.Create(good.WrittenMemory[..length], ChunkRows.Options(delimiter));
        var counts = new List<int>();
        while (reader.Read())
        {
            counts.Add(reader.FieldCount);
        }

        return (null, counts);
    }
}
