using Microsoft.Data.Sqlite;

namespace Chard.DurableTask.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    // SQLite's result codes of a store that has no room, or cannot be written just now: somebody else may look at the file.
    private const int Busy = 5;
    private const int IoError = 10;
    private const int Full = 13;

    private readonly Dictionary<string, SqliteCommand> statements = [];
    private readonly SqliteConnection connection;
    private readonly MemoryStore? memory;
    private readonly MemoryStore? ownMemory;
    private readonly FileLease? lease;

    private Database(SqliteConnection connection, FileLease? lease, MemoryStore? memory, MemoryStore? ownMemory)
    {
        this.connection = connection;
        this.lease = lease;
        this.memory = memory;
        this.ownMemory = ownMemory;
    }

    public SQLitePCL.sqlite3 Handle => connection.Handle!;

    /// <summary>Rows changed since the connection was opened.</summary>
    public long TotalChanges => SQLitePCL.raw.sqlite3_total_changes(Handle);

    /// <summary>
    /// Takes the store of the options. <see cref="SqliteStorageException"/> when it is in use, of a newer version or not a database.
    /// </summary>
    public static Database Open(SqliteStorageOptions options, IReadOnlyList<string> scripts)
    {
        if (options.File is not { } given)
        {
            var own = options.Memory is null ? new MemoryStore() : null;
            var store = own ?? options.Memory!;
            store.Take();
            return Prepare(new Database(store.Connection, null, store, own), "The memory store", options, scripts);
        }

        var file = Path.GetFullPath(given);
        var lease = Lease(file);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        return Prepare(new Database(connection, lease, null, null), file, options, scripts);
    }

    /// <summary>Whether the error means that the store takes nothing at the moment, but may do so later.</summary>
    public static bool IsFull(Exception? error) => error is SqliteException { SqliteErrorCode: Full or IoError or Busy };

    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement with its parameters $1, $2, ... and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() is T value ? value : default;

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        if (memory is null)
        {
            connection.Dispose();
        }

        lease?.Dispose();
        memory?.Release();
        ownMemory?.Dispose();
    }

    private static Database Prepare(Database database, string name, SqliteStorageOptions options, IReadOnlyList<string> scripts)
    {
        try
        {
            database.connection.Open();
            if (options.File is not null)
            {
                database.Script("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864");
                database.Script($"PRAGMA synchronous = {Synchronous(options)}");
            }

            Schema.Apply(database, name, scripts);
            database.Execute("UPDATE owner SET process = $1", Environment.ProcessId);
            if (options.MaxPages is { } pages)
            {
                database.Script($"PRAGMA max_page_count = {pages}");
            }

            return database;
        }
        catch (Exception e)
        {
            database.Dispose();
            throw e is SqliteException error ? new SqliteStorageException($"{name} cannot be opened: {error.Message}", error) : e;
        }
    }

    private static FileLease Lease(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return FileLease.TryTake(file) ?? throw InUse(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteStorageException($"{file} cannot be opened: {e.Message}", e);
        }
    }

    private static string Synchronous(SqliteStorageOptions options) => options.Synchronous.ToUpperInvariant() switch
    {
        "FULL" or "NORMAL" or "OFF" => options.Synchronous,
        _ => throw new SqliteStorageException($"synchronous is '{options.Synchronous}', not FULL, NORMAL or OFF."),
    };

    private static SqliteStorageException InUse(string file)
    {
        var process = "of an unknown id";
        try
        {
            using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT process FROM owner";
            process = $"{command.ExecuteScalar()}";
        }
        catch (SqliteException)
        {
            // The other process is only just making the file.
        }

        return new SqliteStorageException(
            $"{file} is in use by process {process}: only one engine at a time can use it. Stop that process, or name another file.");
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!statements.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var index = 1; index <= values.Length; index++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${index}" });
            }

            statements[sql] = command;
        }

        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }
}
