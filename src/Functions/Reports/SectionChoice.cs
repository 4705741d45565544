using System.Text.Json;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Reports;

/// <summary>Decides which columns a report looks at and which sections it has.</summary>
public static class SectionChoice
{
    /// <summary>
    /// The most bytes of JSON that the columns' names may have together. Ordinary names need a fraction of it; it keeps a table
    /// with fifty names of sixty quotes from making a plan that is too large to travel.
    /// </summary>
    public const int MaxNameBytes = 8 * 1024;

    /// <summary>The first columns of the table, as many as a report looks at.</summary>
    public static IReadOnlyList<TableColumn> FirstOf(IReadOnlyList<TableColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var chosen = new List<TableColumn>();
        int bytes = 0;
        foreach (TableColumn column in columns.Take(GenerateReportRules.MaxColumns))
        {
            bytes += JsonEncodedText.Encode(column.Name).EncodedUtf8Bytes.Length;
            if (bytes > MaxNameBytes)
            {
                break;
            }

            chosen.Add(column);
        }

        return chosen;
    }

    /// <summary>
    /// The sections: the overview, then one for each column that has something to show. Left out, unless
    /// <paramref name="named"/>, are columns whose chart would say nothing: keys (integers that are all different, named like
    /// one) and texts that are all different.
    /// </summary>
    /// <param name="columns">The columns.</param>
    /// <param name="kinds">Which kinds may be there.</param>
    /// <param name="named">True if the caller has named the columns.</param>
    public static IReadOnlyList<PlannedSection> Of(IReadOnlyList<ColumnProfile> columns, IReadOnlySet<SectionKind> kinds, bool named)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(kinds);
        var sections = new List<PlannedSection>();
        if (kinds.Contains(SectionKind.Overview))
        {
            sections.Add(new(SectionKind.Overview, null));
        }

        for (int i = 0; i < columns.Count; i++)
        {
            if (KindOf(columns[i]) is { } kind && kinds.Contains(kind) && columns[i].Values > 0 && (named || !SaysNothing(columns[i])))
            {
                sections.Add(new(kind, i));
            }
        }

        return sections;
    }

    /// <summary>True if no two rows share a value of the column.</summary>
    public static bool IsUnique(ColumnProfile column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Values > 1 && column.Distinct == column.Values;
    }

    private static SectionKind? KindOf(ColumnProfile column) => column.Type switch
    {
        ColumnType.Integer or ColumnType.Real => SectionKind.Histogram,
        ColumnType.Text => SectionKind.Values,
        ColumnType.Date or ColumnType.Timestamp or ColumnType.TimestampTz => SectionKind.Timeline,
        _ => null,
    };

    private static bool SaysNothing(ColumnProfile column) => IsUnique(column) && column.Type switch
    {
        ColumnType.Text => true,
        ColumnType.Integer => IsNamedLikeKey(column.Name),
        _ => false,
    };

    private static bool IsNamedLikeKey(string name) =>
        name.Equals("id", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("_id", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("Id", StringComparison.Ordinal);
}
