using CsvHelper;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Looks at every row of a file before the first one goes in: whether all of them end in a delimiter too many, and which type of each
/// column gives every cell of it back as it stands. So a late row never makes a good row bad, and no row is changed. Rows with a wrong
/// number of fields are no evidence, and neither are empty cells.
/// </summary>
/// <param name="columns">How many columns there are.</param>
/// <param name="infer">Whether types are asked for; otherwise only the shape of the rows is looked at.</param>
public sealed class TypeInference(int columns, bool infer)
{
    private readonly Evidence fitting = new(columns);
    private readonly Evidence trailing = new(columns);
    private bool anyFitting;
    private bool anyTrailing;
    private bool anyLonger;

    /// <summary>Whether each row, those aside that fit in no way, has one field more than there are columns, and that one empty.</summary>
    public bool TrailingDelimiter => anyTrailing && !anyFitting && !anyLonger;

    /// <summary>Whether any row has as many fields as it must.</summary>
    public bool AnyRowFits => anyFitting || TrailingDelimiter;

    /// <summary>The types so far; null where every cell has been empty, or where types are not asked for.</summary>
    public IReadOnlyList<ColumnType?> Types => (TrailingDelimiter ? trailing : fitting).Types;

    /// <summary>Takes the rows of a chunk into account.</summary>
    /// <param name="chunk">Records without faults, in UTF-8.</param>
    /// <param name="delimiter">The character between fields.</param>
    public void Observe(ReadOnlyMemory<byte> chunk, char delimiter)
    {
        using var reader = CsvReader.Create(chunk, ChunkRows.Options(delimiter));
        while (!(anyFitting && (!infer || fitting.IsAllText)) && reader.Read())
        {
            if (reader.FieldCount == columns)
            {
                anyFitting = true;
                Weigh(fitting, reader);
            }
            else if (reader.FieldCount == columns + 1)
            {
                anyTrailing = true;
                anyLonger |= !reader.GetSpan(columns).IsEmpty;
                Weigh(trailing, reader);
            }
        }
    }

    private void Weigh(Evidence evidence, CsvReader reader)
    {
        for (var i = 0; infer && i < columns; i++)
        {
            evidence.Weigh(i, reader.GetSpan(i));
        }
    }

    private sealed class Evidence(int columns)
    {
        private readonly ColumnType?[] types = new ColumnType?[columns];
        private readonly bool[] tooLong = new bool[columns];

        public IReadOnlyList<ColumnType?> Types => types;

        public bool IsAllText => Array.TrueForAll(types, t => t == ColumnType.Text);

        public void Weigh(int column, ReadOnlySpan<byte> text)
        {
            if (types[column] != ColumnType.Text && !text.IsEmpty)
            {
                types[column] = Weigh(types[column], text, ref tooLong[column]);
            }
        }

        // An integer that a real column would write otherwise must not meet a real: the column is text then.
        private static ColumnType Weigh(ColumnType? before, ReadOnlySpan<byte> text, ref bool tooLong)
        {
            if (before is null or ColumnType.Integer or ColumnType.Real)
            {
                if (CellText.IsInteger(text, out var fitsReal))
                {
                    tooLong |= !fitsReal;
                    return before == ColumnType.Real ? (tooLong ? ColumnType.Text : ColumnType.Real) : ColumnType.Integer;
                }

                if (CellText.IsReal(text))
                {
                    return tooLong ? ColumnType.Text : ColumnType.Real;
                }
            }

            return before switch
            {
                null or ColumnType.Date when CellText.IsDate(text) => ColumnType.Date,
                null or ColumnType.Timestamp when CellText.IsTimestamp(text) => ColumnType.Timestamp,
                _ => ColumnType.Text,
            };
        }
    }
}
