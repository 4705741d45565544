using System.Data;
using Azure.Core;
using Chard.Functions.Imports.Rules;
using Npgsql;
using NpgsqlTypes;

namespace Chard.Functions.Imports.Databases;

/// <summary>
/// Imports into PostgreSQL by binary COPY, into the first schema of the connection's search path. Connections are pooled and
/// bounded; chunks of one file and of several go in side by side.
/// </summary>
public sealed class PostgresImportDatabase : IImportDatabase, IAsyncDisposable, IDisposable
{
    // Any constant will do: all imports take this lock while they make or check a table.
    private const long TableLock = 0x43686172644C6F63;

    private static readonly string CreateChunks =
        $"""
        BEGIN;
        SELECT pg_advisory_xact_lock({TableLock});
        CREATE TABLE IF NOT EXISTS {TableNames.ImportedChunks} (
            import_id text NOT NULL, table_name text NOT NULL, chunk integer NOT NULL, imported bigint NOT NULL, rejected bigint NOT NULL,
            PRIMARY KEY (import_id, table_name, chunk));
        COMMIT
        """;

    // Dates go in as PostgreSQL counts them: the provider takes .NET's first and last ones for infinity, and 9999-12-31 is one that people
    // write.
    private static readonly DateTime Epoch = new(2000, 1, 1);

    // A token lives for an hour at least, and is looked at when a connection is opened only.
    private static readonly TokenRequestContext TokenOfAzure = new(["https://ossrdbms-aad.database.windows.net/.default"]);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source;
    private bool _prepared;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="connectionString"><c>Host=…</c>.</param>
    /// <param name="maxConnections">The most connections at once; who needs one more waits.</param>
    /// <param name="entra">Whose token is the password where the connection string has none; null for no password then.</param>
    public PostgresImportDatabase(string connectionString, int maxConnections, TokenCredential? entra = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = maxConnections, Timezone = "UTC" };
        builder.MinPoolSize = Math.Min(builder.MinPoolSize, maxConnections);
        builder.Timeout = Math.Max(builder.Timeout, 60);
        var source = new NpgsqlDataSourceBuilder(builder.ConnectionString);
        if (entra is not null && builder.Password is null)
        {
            source.UsePeriodicPasswordProvider(
                async (_, cancellationToken) => (await entra.GetTokenAsync(TokenOfAzure, cancellationToken)).Token,
                RefreshEvery, RetryAfterFailure);
        }

        _source = source.Build();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ImportColumn>> PrepareTableAsync(
        string table,
        IReadOnlyList<RequestedColumn> columns,
        CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock($1)", cancellationToken, TableLock);
            var existing = await ColumnsAsync(connection, table, cancellationToken);
            IReadOnlyList<ImportColumn> prepared;
            if (existing.Count == 0)
            {
                prepared = TableFit.Create(columns);
                string members = string.Join(", ", prepared.Select(c => $"{Sql.Quote(c.Name)} {TypeName(c.Type)}"));
                await ExecuteAsync(connection, $"CREATE TABLE {Sql.Quote(table)} ({members})", cancellationToken);
            }
            else if (TableFit.Append(table, columns, existing, out prepared) is { } fault)
            {
                throw fault.ToException();
            }

            await transaction.CommitAsync(cancellationToken);
            return prepared;
        });

    /// <inheritdoc/>
    public Task<ChunkCounts?> FindChunkAsync(ChunkKey key, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await FindChunkAsync(connection, key, cancellationToken);
        });

    /// <inheritdoc/>
    public Task<ChunkCounts> ImportChunkAsync(
        ChunkKey key,
        IReadOnlyList<ImportColumn> columns,
        ChunkRows rows,
        Func<CancellationToken, Task> beforeCommit,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(beforeCommit);
        return TranslateAsync(async () =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

            // The record comes first: whoever imports the same chunk at the same time waits here, and then finds it in.
            var claimed = await ExecuteAsync(
                connection,
                $"INSERT INTO {TableNames.ImportedChunks} (import_id, table_name, chunk, imported, rejected) VALUES ($1, $2, "
                    + "$3, 0, 0) ON CONFLICT DO NOTHING",
                cancellationToken,
                key.ImportKey, key.Table, key.Chunk);
            if (claimed == 0)
            {
                return (await FindChunkAsync(connection, key, cancellationToken))!;
            }

            await CopyAsync(connection, key.Table, columns, rows, cancellationToken);
            await beforeCommit(cancellationToken);
            await ExecuteAsync(
                connection,
                $"UPDATE {TableNames.ImportedChunks} SET imported = $4, rejected = $5 WHERE import_id = $1 AND table_name = $2 "
                    + "AND chunk = $3",
                cancellationToken,
                key.ImportKey, key.Table, key.Chunk, rows.Good, rows.Rejected);
            await transaction.CommitAsync(cancellationToken);
            return new ChunkCounts(rows.Good, rows.Rejected);
        });
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(string workflowId, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await ExecuteAsync(
            connection, $"DELETE FROM {TableNames.ImportedChunks} WHERE starts_with(import_id, $1)", cancellationToken, workflowId + "/");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static async Task CopyAsync(
        NpgsqlConnection connection,
        string table,
        IReadOnlyList<ImportColumn> columns,
        ChunkRows rows,
        CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {Sql.Quote(table)} ({Sql.List(columns.Select(c => c.Name))}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        while (rows.Read())
        {
            await copy.StartRowAsync(cancellationToken);
            for (var i = 0; i < columns.Count; i++)
            {
                await WriteAsync(copy, rows.Row[i], cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, Cell cell, CancellationToken cancellationToken) => cell.Kind switch
    {
        CellKind.Null => copy.WriteNullAsync(cancellationToken),
        CellKind.Integer => copy.WriteAsync(cell.Integer, NpgsqlDbType.Bigint, cancellationToken),
        CellKind.Real => copy.WriteAsync(cell.Real, NpgsqlDbType.Double, cancellationToken),
        CellKind.Text => copy.WriteAsync(cell.Text, NpgsqlDbType.Text, cancellationToken),
        CellKind.Date => copy.WriteAsync((cell.Moment - Epoch).Days, NpgsqlDbType.Date, cancellationToken),
        CellKind.Timestamp => copy.WriteAsync(Microseconds(cell), NpgsqlDbType.Timestamp, cancellationToken),
        _ => copy.WriteAsync(Microseconds(cell), NpgsqlDbType.TimestampTz, cancellationToken),
    };

    private static long Microseconds(Cell cell) => (cell.Moment - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Takes a connection from the pool, to which the caller gives it back.</summary>
    internal async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            if (!_prepared)
            {
                await ExecuteAsync(connection, CreateChunks, cancellationToken);
                _prepared = true;
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The columns of a table, null for the type of one that no import makes; empty if there is no such table.</summary>
    internal static async Task<List<(string Name, ColumnType? Type)>> ColumnsAsync(
        NpgsqlConnection connection,
        string table,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND "
                + "table_name = $1 ORDER BY ordinal_position",
            table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<(string, ColumnType?)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add((reader.GetString(0), reader.GetString(1) switch
            {
                "bigint" => ColumnType.Integer,
                "double precision" => ColumnType.Real,
                "text" => ColumnType.Text,
                "date" => ColumnType.Date,
                "timestamp without time zone" => ColumnType.Timestamp,
                "timestamp with time zone" => ColumnType.TimestampTz,
                _ => null,
            }));
        }

        return columns;
    }

    private static async Task<ChunkCounts?> FindChunkAsync(NpgsqlConnection connection, ChunkKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"SELECT imported, rejected FROM {TableNames.ImportedChunks} WHERE import_id = $1 AND table_name = $2 AND chunk = $3",
            key.ImportKey, key.Table, key.Chunk);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new ChunkCounts(reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// A command. Names in its text are constants or quoted by <see cref="Sql.Quote"/>; values are always
    /// parameters, <c>$1</c> the first.
    /// </summary>
    internal static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
#pragma warning disable CA2100
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static string TypeName(ColumnType type) => type switch
    {
        ColumnType.Integer => "bigint",
        ColumnType.Real => "double precision",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamp without time zone",
        ColumnType.TimestampTz => "timestamp with time zone",
        _ => "text",
    };

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException e) when (DatabaseFailure.Permanent(e) is { } permanent)
        {
            throw permanent;
        }
    }
}
