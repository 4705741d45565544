using System.Data.Common;
using System.Globalization;
using System.Text;
using Chard.Functions.Imports.Databases;

namespace Chard.Functions.Reports;

/// <summary>The queries of a report that both dialects write alike. Names are quoted, values are parameters.</summary>
internal static class ReportSql
{
    /// <summary>Rows, then values and different values of each column.</summary>
    public static string Count(string table, IReadOnlyList<string> columns) =>
        $"SELECT COUNT(*){string.Concat(columns.Select(c => $", COUNT({Sql.Quote(c)}), COUNT(DISTINCT {Sql.Quote(c)})"))} FROM "
            + $"{Sql.Quote(table)}";

    /// <summary>
    /// How many numbers lie between bounds, as pairs of place and count. The bounds are parameters, the first of them
    /// number <paramref name="first"/>.
    /// </summary>
    public static string CountBetween(string table, string column, int bounds, int first)
    {
        if (bounds == 0)
        {
            return $"SELECT 0, COUNT({Sql.Quote(column)}) FROM {Sql.Quote(table)}";
        }

        var place = new StringBuilder("CASE");
        for (int i = 0; i < bounds; i++)
        {
            place.Append(CultureInfo.InvariantCulture, $" WHEN {Sql.Quote(column)} < ${first + i} THEN {i}");
        }

        place.Append(CultureInfo.InvariantCulture, $" ELSE {bounds} END");
        return $"SELECT {place} AS place, COUNT(*) FROM {Sql.Quote(table)} WHERE {Sql.Quote(column)} IS NOT NULL GROUP BY 1";
    }

    /// <summary>Reads what <see cref="Count"/> asks for.</summary>
    public static async Task<TableCounts> ReadCountsAsync(DbDataReader reader, int columns, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetInt64(0),
            [.. Enumerable.Range(0, columns).Select(i => new ColumnCounts(reader.GetInt64((2 * i) + 1), reader.GetInt64((2 * i) + 2)))]);
    }

    /// <summary>Reads what <see cref="CountBetween"/> asks for.</summary>
    public static async Task<IReadOnlyList<long>> ReadPlacesAsync(DbDataReader reader, int places, CancellationToken cancellationToken)
    {
        var counts = new long[places];
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[reader.GetInt32(0)] = reader.GetInt64(1);
        }

        return counts;
    }

    /// <summary>Reads lowest, highest and mean.</summary>
    public static async Task<NumberSummary?> ReadSummaryAsync(DbDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0)
            ? new(reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2))
            : null;

    /// <summary>Reads rows of text, its count, the count of all and how many different ones there are.</summary>
    public static async Task<TopValues> ReadTopAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var values = new List<TextCount>();
        (long count, long distinct) = (0L, 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(new(reader.GetString(0), reader.GetInt64(1)));
            (count, distinct) = (reader.GetInt64(2), reader.GetInt64(3));
        }

        return new(values, count, distinct);
    }

    /// <summary>Reads the first and the last day, as <c>2024-01-31</c>.</summary>
    public static async Task<DaySpan?> ReadSpanAsync(DbDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0) ? new(Day(reader.GetString(0)), Day(reader.GetString(1))) : null;

    /// <summary>Reads pairs of an interval's start, <c>2024-01-31</c>, <c>2024-01</c> or <c>2024</c>, and its count.</summary>
    public static async Task<IReadOnlyList<DayCount>> ReadDaysAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var counts = new List<DayCount>();
        while (await reader.ReadAsync(cancellationToken))
        {
            string start = reader.GetString(0);
            counts.Add(new(Day(start.Length == 4 ? start + "-01-01" : start.Length == 7 ? start + "-01" : start), reader.GetInt64(1)));
        }

        return counts;
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
