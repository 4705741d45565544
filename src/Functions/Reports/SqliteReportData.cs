using System.Data.Common;
using System.Globalization;
using Chard.Functions.Imports.Databases;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Chard.Functions.Reports;

/// <summary>Reads imported tables of a SQLite file. Imports go on meanwhile; each query sees the file as it was when it began.</summary>
public sealed class SqliteReportData(SqliteImportDatabase database) : IReportData
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<TableColumn>> DescribeAsync(string table, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await database.OpenAsync(cancellationToken);
        return [.. (await SqliteImportDatabase.ColumnsAsync(connection, table, cancellationToken))
            .Select(c => new TableColumn(c.Name, c.Type))];
    }

    /// <inheritdoc/>
    public Task<TableCounts> CountAsync(string table, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return QueryAsync(
            ReportSql.Count(table, columns), [], (reader, token) => ReportSql.ReadCountsAsync(reader, columns.Count, token),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<NumberSummary?> SummarizeAsync(string table, string column, CancellationToken cancellationToken) =>
        QueryAsync(
            $"SELECT CAST(MIN({Sql.Quote(column)}) AS REAL), CAST(MAX({Sql.Quote(column)}) AS REAL), AVG({Sql.Quote(column)}) "
                + $"FROM {Sql.Quote(table)}",
            [], ReportSql.ReadSummaryAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> CountBetweenAsync(
        string table,
        string column,
        IReadOnlyList<double> bounds,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        return QueryAsync(
            ReportSql.CountBetween(table, column, bounds.Count, first: 0), [.. bounds.Cast<object>()],
            (reader, token) => ReportSql.ReadPlacesAsync(reader, bounds.Count + 1, token), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TopValues> TopAsync(string table, string column, int limit, CancellationToken cancellationToken)
    {
        string name = Sql.Quote(column);
        return QueryAsync(
            $"""
            SELECT SUBSTR(value, 1, {TopValues.MaxLength}), n, SUM(n) OVER (), COUNT(*) OVER ()
            FROM (SELECT {name} AS value, COUNT(*) AS n FROM {Sql.Quote(table)} WHERE {name} IS NOT NULL GROUP BY 1)
            ORDER BY n DESC, value LIMIT $0
            """,
            [limit], ReportSql.ReadTopAsync, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DaySpan?> SpanAsync(string table, string column, CancellationToken cancellationToken) =>
        QueryAsync(
            $"SELECT SUBSTR(MIN({Sql.Quote(column)}), 1, 10), SUBSTR(MAX({Sql.Quote(column)}), 1, 10) FROM {Sql.Quote(table)}",
            [], ReportSql.ReadSpanAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DayCount>> CountByAsync(
        string table,
        string column,
        DayInterval interval,
        CancellationToken cancellationToken)
    {
        // Dates lie as text, the year first, moments in UTC: an interval is a prefix.
        int length = interval switch { DayInterval.Day => 10, DayInterval.Month => 7, _ => 4 };
        return QueryAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT SUBSTR({Sql.Quote(column)}, 1, {length}), COUNT(*) FROM "
                + $"{Sql.Quote(table)} WHERE {Sql.Quote(column)} IS NOT NULL GROUP BY 1 ORDER BY 1"),
            [], ReportSql.ReadDaysAsync, cancellationToken);
    }

    private async Task<T> QueryAsync<T>(
        string sql,
        object[] values,
        Func<DbDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await database.OpenAsync(cancellationToken);
        await using SqliteCommand command = SqliteImportDatabase.Command(connection, sql, values);

        // The provider works synchronously and looks at no token while a query runs.
        await using CancellationTokenRegistration interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));
        try
        {
            await using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            return await read(reader, cancellationToken);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }
}
