using CsvHelper;

namespace Chard.Domain.Imports;

/// <summary>
/// Finds the narrowest type of each column that holds every cell of it. It sees the whole file before the first row goes in, so a late row never makes a good row bad.
/// Rows with a wrong number of fields are no evidence, and neither are blank cells.
/// </summary>
/// <param name="columns">How many columns the header has.</param>
public sealed class TypeInference(int columns)
{
    private readonly Evidence[] evidence = new Evidence[columns];
    private readonly bool[] inexact = new bool[columns];

    private enum Evidence : byte
    {
        None,
        Integer,
        Real,
        Date,
        Text,
    }

    /// <summary>The types so far; null where every cell has been blank.</summary>
    public IReadOnlyList<ColumnType?> Types => [.. evidence.Select(e => e switch
    {
        Evidence.Integer => ColumnType.Integer,
        Evidence.Real => ColumnType.Real,
        Evidence.Date => ColumnType.Date,
        Evidence.Text => ColumnType.Text,
        _ => (ColumnType?)null,
    })];

    /// <summary>Takes the rows of a chunk into account.</summary>
    /// <param name="chunk">Records without faults, in UTF-8.</param>
    /// <param name="delimiter">The character between fields.</param>
    public void Observe(ReadOnlyMemory<byte> chunk, char delimiter)
    {
        if (Array.TrueForAll(evidence, e => e == Evidence.Text))
        {
            return;
        }

        using var reader = CsvReader.Create(chunk, ChunkRows.Options(delimiter));
        while (reader.Read())
        {
            if (reader.FieldCount == columns)
            {
                for (var i = 0; i < columns; i++)
                {
                    if (evidence[i] != Evidence.Text)
                    {
                        evidence[i] = Weigh(evidence[i], reader.GetSpan(i), ref inexact[i]);
                    }
                }
            }
        }
    }

    // An integer that a double would round must not meet a real: the column is text then.
    private static Evidence Weigh(Evidence before, ReadOnlySpan<byte> text, ref bool inexact)
    {
        if (CellText.IsBlank(text))
        {
            return before;
        }

        if (before != Evidence.Date && CellText.LooksLikeInteger(text, out var exact))
        {
            inexact |= !exact;
            return before == Evidence.Real ? (inexact ? Evidence.Text : Evidence.Real) : Evidence.Integer;
        }

        if (before != Evidence.Date && CellText.LooksLikeReal(text))
        {
            return inexact ? Evidence.Text : Evidence.Real;
        }

        return before is Evidence.None or Evidence.Date && CellText.TryDate(text, out _) ? Evidence.Date : Evidence.Text;
    }
}
