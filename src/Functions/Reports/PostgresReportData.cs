using System.Data.Common;
using Chard.Functions.Imports.Databases;
using Npgsql;

namespace Chard.Functions.Reports;

/// <summary>Reads imported tables of PostgreSQL, over the connections of imports, whose time zone is UTC, and within their bound.</summary>
public sealed class PostgresReportData(PostgresImportDatabase database) : IReportData
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<TableColumn>> DescribeAsync(string table, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenAsync(cancellationToken);
        return [.. (await PostgresImportDatabase.ColumnsAsync(connection, table, cancellationToken))
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
            $"SELECT MIN({Sql.Quote(column)})::double precision, MAX({Sql.Quote(column)})::double precision, "
                + $"AVG({Sql.Quote(column)})::double precision FROM {Sql.Quote(table)}",
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
            ReportSql.CountBetween(table, column, bounds.Count, first: 1), [.. bounds.Cast<object>()],
            (reader, token) => ReportSql.ReadPlacesAsync(reader, bounds.Count + 1, token), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TopValues> TopAsync(string table, string column, int limit, CancellationToken cancellationToken)
    {
        string name = Sql.Quote(column);
        return QueryAsync(
            $"""
            SELECT SUBSTR(value, 1, {TopValues.MaxLength}), n, (SUM(n) OVER ())::bigint, COUNT(*) OVER ()
            FROM (SELECT {name} AS value, COUNT(*) AS n FROM {Sql.Quote(table)} WHERE {name} IS NOT NULL GROUP BY 1) AS texts
            ORDER BY n DESC, value COLLATE "C" LIMIT $1
            """,
            [limit], ReportSql.ReadTopAsync, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DaySpan?> SpanAsync(string table, string column, CancellationToken cancellationToken) =>
        QueryAsync(
            $"""
            SELECT TO_CHAR(MIN({Sql.Quote(column)}), 'YYYY-MM-DD'), TO_CHAR(MAX({Sql.Quote(column)}), 'YYYY-MM-DD')
            FROM {Sql.Quote(table)}
            """,
            [], ReportSql.ReadSpanAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DayCount>> CountByAsync(
        string table,
        string column,
        DayInterval interval,
        CancellationToken cancellationToken)
    {
        string format = interval switch { DayInterval.Day => "YYYY-MM-DD", DayInterval.Month => "YYYY-MM", _ => "YYYY" };
        return QueryAsync(
            $"""
            SELECT TO_CHAR({Sql.Quote(column)}, '{format}'), COUNT(*) FROM {Sql.Quote(table)}
            WHERE {Sql.Quote(column)} IS NOT NULL GROUP BY 1 ORDER BY 1
            """,
            [], ReportSql.ReadDaysAsync, cancellationToken);
    }

    private async Task<T> QueryAsync<T>(
        string sql,
        object[] values,
        Func<DbDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = PostgresImportDatabase.Command(connection, sql, values);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await read(reader, cancellationToken);
    }
}
