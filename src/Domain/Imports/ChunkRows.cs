using System.Globalization;
using System.Text;
using CsvHelper;

namespace Chard.Domain.Imports;

/// <summary>Reads the rows of a chunk as values for a table. A row that does not fit is counted and reported, never thrown.</summary>
public sealed class ChunkRows : IDisposable
{
    private const int ShownBytes = 60;
    private readonly CsvReader reader;
    private readonly IReadOnlyList<ImportColumn> columns;
    private readonly ColumnType[] types;
    private readonly long firstLine;
    private readonly int maxErrors;
    private readonly Cell[] row;
    private readonly List<RowError> errors = [];

    /// <summary>Opens a chunk.</summary>
    /// <param name="chunk">Its records, in UTF-8, as <see cref="CsvSplitter"/> made them.</param>
    /// <param name="firstLine">The line of the file that its first line is.</param>
    /// <param name="columns">The columns of the table, in the file's order.</param>
    /// <param name="delimiter">The character between fields.</param>
    /// <param name="maxErrors">How many errors are kept.</param>
    public ChunkRows(ReadOnlyMemory<byte> chunk, long firstLine, IReadOnlyList<ImportColumn> columns, char delimiter, int maxErrors)
    {
        ArgumentNullException.ThrowIfNull(columns);
        this.columns = columns;
        this.firstLine = firstLine;
        this.maxErrors = maxErrors;
        types = [.. columns.Select(c => c.Type)];
        row = new Cell[columns.Count];
        reader = CsvReader.Create(chunk, Options(delimiter));
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
        if (reader.FieldCount != row.Length)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"The row has {reader.FieldCount} fields, the header {row.Length}.");
            return false;
        }

        for (var i = 0; i < row.Length; i++)
        {
            if (!CellText.TryConvert(reader.GetSpan(i), types[i], out row[i]))
            {
                reason = $"Column '{columns[i].Name}': '{Shown(reader.GetSpan(i))}' is not {Article(types[i])}.";
                return false;
            }
        }

        return true;
    }

    private static string Shown(ReadOnlySpan<byte> text) =>
        text.Length <= ShownBytes ? Encoding.UTF8.GetString(text) : Encoding.UTF8.GetString(text[..ShownBytes]).TrimEnd('\uFFFD') + "…";

    private static string Article(ColumnType type) => type switch
    {
        ColumnType.Integer => "a 64-bit integer",
        ColumnType.Real => "a number",
        _ => "an ISO 8601 date",
    };
}
