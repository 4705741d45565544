using System.Data;
using Chard.Functions.Imports.Rules;
using Microsoft.Data.Sqlite;

namespace Chard.Functions.Imports.Databases;

/// <summary>
/// Imports into a SQLite file, in WAL mode, so that readers are never in the way. One transaction writes at a time, in this process
/// by a gate and across processes by SQLite's own lock, waited for up to 30 s. A commit is on the disk before it returns.
/// </summary>
public sealed class SqliteImportDatabase : IImportDatabase, IDisposable
{
    private const int LockTimeoutSeconds = 30;

    private const string CreateChunks =
        $"""
        CREATE TABLE IF NOT EXISTS {TableNames.ImportedChunks} (
            import_id TEXT NOT NULL, table_name TEXT NOT NULL, chunk INTEGER NOT NULL, imported INTEGER NOT NULL, rejected INTEGER NOT NULL,
            PRIMARY KEY (import_id, table_name, chunk)) WITHOUT ROWID
        """;

    private readonly SemaphoreSlim _writer = new(1);
    private readonly string _connectionString;
    private bool _prepared;

    /// <summary>Opens nothing yet; the file and its folder are made when first needed.</summary>
    /// <param name="connectionString"><c>Data Source=…</c>.</param>
    /// <param name="folder">Where a relative path starts.</param>
    public SqliteImportDatabase(string connectionString, string folder)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = LockTimeoutSeconds };
        builder.DataSource = Path.GetFullPath(builder.DataSource, Path.GetFullPath(folder));
        _connectionString = builder.ConnectionString;
        File = builder.DataSource;
    }

    public string File { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ImportColumn>> PrepareTableAsync(
        string table,
        IReadOnlyList<RequestedColumn> columns,
        CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = connection.BeginTransaction();
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
        }
        catch (SqliteException e) when (DatabaseFailure.Permanent(e) is { } permanent)
        {
            throw permanent;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<ChunkCounts?> FindChunkAsync(ChunkKey key, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        return await FindChunkAsync(connection, key, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ChunkCounts> ImportChunkAsync(
        ChunkKey key,
        IReadOnlyList<ImportColumn> columns,
        ChunkRows rows,
        Func<CancellationToken, Task> beforeCommit,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(beforeCommit);
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = connection.BeginTransaction();
            if (await FindChunkAsync(connection, key, cancellationToken) is { } before)
            {
                return before;
            }

            Insert(connection, key.Table, columns, rows, cancellationToken);
            await beforeCommit(cancellationToken);
            await ExecuteAsync(
                connection,
                $"INSERT INTO {TableNames.ImportedChunks} (import_id, table_name, chunk, imported, rejected) VALUES ($0, $1, $2, $3, $4)",
                cancellationToken,
                key.ImportKey, key.Table, key.Chunk, rows.Good, rows.Rejected);
            await transaction.CommitAsync(cancellationToken);
            return new ChunkCounts(rows.Good, rows.Rejected);
        }
        catch (SqliteException e) when (DatabaseFailure.Permanent(e) is { } permanent)
        {
            throw permanent;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(string workflowId, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            // '0' follows '/', which stands between the workflow and the version of its source.
            await using var connection = await OpenAsync(cancellationToken);
            await ExecuteAsync(
                connection, $"DELETE FROM {TableNames.ImportedChunks} WHERE import_id > $0 AND import_id < $1", cancellationToken,
                workflowId + "/", workflowId + "0");
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static void Insert(
        SqliteConnection connection,
        string table,
        IReadOnlyList<ImportColumn> columns,
        ChunkRows rows,
        CancellationToken cancellationToken)
    {
        using var insert = new SqliteInsert(
            connection,
            $"INSERT INTO {Sql.Quote(table)} ({Sql.List(columns.Select(c => c.Name))}) VALUES "
                + $"({string.Join(", ", columns.Select(_ => "?"))})");
        while (rows.Read())
        {
            if (rows.Good % 1024 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            insert.Execute(rows.Row);
        }
    }

    /// <summary>Opens a connection, which the caller closes.</summary>
    internal async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_prepared)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        }

        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (!_prepared)
            {
                await ExecuteAsync(connection, "PRAGMA journal_mode = WAL", cancellationToken);
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
        SqliteConnection connection,
        string table,
        CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "SELECT name, type FROM pragma_table_info($0)", table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<(string, ColumnType?)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add((reader.GetString(0), reader.GetString(1).ToUpperInvariant() switch
            {
                "INTEGER" => ColumnType.Integer,
                "NUMERIC" => ColumnType.Real,
                "TEXT" => ColumnType.Text,
                "DATE" => ColumnType.Date,
                "TIMESTAMP" => ColumnType.Timestamp,
                "TIMESTAMPTZ" => ColumnType.TimestampTz,
                _ => null,
            }));
        }

        return columns;
    }

    private static async Task<ChunkCounts?> FindChunkAsync(SqliteConnection connection, ChunkKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"SELECT imported, rejected FROM {TableNames.ImportedChunks} WHERE import_id = $0 AND table_name = $1 AND chunk = $2",
            key.ImportKey, key.Table, key.Chunk);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new ChunkCounts(reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private static async Task ExecuteAsync(
        SqliteConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// A command. Names in its text are constants or quoted by <see cref="Sql.Quote"/>; values are always
    /// parameters, <c>$0</c> the first.
    /// </summary>
    internal static SqliteCommand Command(SqliteConnection connection, string sql, params object[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"${i}"), values[i]);
        }

        return command;
    }

    // A column declared REAL would give 1 back as 1.0.
    private static string TypeName(ColumnType type) => type switch
    {
        ColumnType.Integer => "INTEGER",
        ColumnType.Real => "NUMERIC",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.TimestampTz => "TIMESTAMPTZ",
        _ => "TEXT",
    };
}
