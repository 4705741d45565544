using System.Globalization;
using System.Text;
using CsvHelper;

namespace Chard.Functions.Imports.Rules;

/// <summary>Reads the rows of a chunk as values for a table. A row that does not fit is counted and reported, never thrown.</summary>
public sealed class ChunkRows : IDisposable
{
    private const int ShownBytes = 60;
    private readonly CsvReader reader;
    private readonly RowFormat format;
    private readonly ColumnType[] types;
    private readonly long firstLine;
    private readonly int maxErrors;
    private readonly Cell[] row;
    private readonly List<RowError> errors = [];

    /// <summary>Opens a chunk.</summary>
    /// <param name="chunk">Its records, in UTF-8, as <see cref="CsvSplitter"/> made them.</param>
    /// <param name="firstLine">The line of the file that its first line is.</param>
    /// <param name="format">What its rows are to be.</param>
    /// <param name="maxErrors">How many errors are kept; of those there are, the first always is.</param>
    public ChunkRows(ReadOnlyMemory<byte> chunk, long firstLine, RowFormat format, int maxErrors)
    {
        ArgumentNullException.ThrowIfNull(format);
        this.format = format;
        this.firstLine = firstLine;
        this.maxErrors = Math.Max(maxErrors, 1);
        types = [.. format.Columns.Select(c => c.Type)];
        row = new Cell[types.Length];
        reader = CsvReader.Create(chunk, Options(format.Delimiter));
    }

    /// <summary>The row that <see cref="Read"/> found. Overwritten by the next read.</summary>
    public ReadOnlySpan<Cell> Row => row;

    /// <summary>How many rows have been found good.</summary>
    public long Good { get; private set; }

    /// <summary>How many rows have been rejected.</summary>
    public long Rejected { get; private set; }

    /// <summary>The first rejected rows.</summary>
    public IReadOnlyList<RowError> Errors => errors;

    /// <summary>Moves to the next good row. False at the end of the chunk.</summary>
    public bool Read()
    {
        while (reader.Read())
        {
            if (TryConvert(out var reason))
            {
                Good++;
                return true;
            }

            Rejected++;
            if (errors.Count < maxErrors)
            {
                errors.Add(new RowError(firstLine + reader.LineNumber - 1, reason));
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    /// <summary>How records without faults are read; the same for inference and import, so that both see the same cells.</summary>
    internal static CsvReaderOptions Options(char delimiter) => new()
    {
        Separator = delimiter,
        HasHeader = false,
        TrackLineNumbers = true,
    };

    private bool TryConvert(out string reason)
    {
        reason = "";
        var fields = reader.FieldCount;
        if (fields != row.Length && !(format.TrailingDelimiter && fields == row.Length + 1 && reader.GetSpan(row.Length).IsEmpty))
        {
            reason = $"The row has {Counted(fields, "field")}, the file {Counted(row.Length, "column")}.";
            return false;
        }

        for (var i = 0; i < row.Length; i++)
        {
            var text = reader.GetSpan(i);
            if (CellText.Convert(text, types[i], format.Exact, out row[i]) is var fault && fault != CellFault.None)
            {
                reason = $"Column '{format.Columns[i].Name}': '{Shown(text)}' {Words(fault, types[i])}.";
                return false;
            }
        }

        return true;
    }

    private static string Counted(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Shown(ReadOnlySpan<byte> text) =>
        text.Length <= ShownBytes ? Encoding.UTF8.GetString(text) : Encoding.UTF8.GetString(text[..ShownBytes]).TrimEnd('\uFFFD') + "…";

    private static string Words(CellFault fault, ColumnType type) => (fault, type) switch
    {
        (CellFault.OtherSpelling, _) => $"would not come out of {Article(type)} column as it stands: import into a column of text",
        (CellFault.Lossy, ColumnType.Real) => "would be changed, for a real has 15 digits: import it as text",
        (CellFault.Lossy, _) => $"would be changed, for {Article(type)} ends at microseconds and the year 9999: import it as text",
        (_, ColumnType.Integer) => "is not a 64-bit integer",
        (_, ColumnType.Real) => "is not a number",
        (_, ColumnType.Date) => "is not an ISO 8601 date",
        (_, ColumnType.Timestamp) => "is not an ISO 8601 date and time without an offset",
        _ => "is not an ISO 8601 date and time with an offset",
    };

    private static string Article(ColumnType type) => $"{(type == ColumnType.Integer ? "an" : "a")} {type.ToString().ToLowerInvariant()}";
}
