using Microsoft.Data.Sqlite;

namespace Chard.Emulator.DurableTask;

/// <summary>The two tables of the history.</summary>
internal static class HistorySchema
{
    /// <summary>Counted up when a stored form changes.</summary>
    private const long FormatVersion = 1;

    private const string Tables =
        """
        CREATE TABLE IF NOT EXISTS instances(
          key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version TEXT NOT NULL,
          status INTEGER NOT NULL, execution INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, due INTEGER,
          parent_key INTEGER, parent_execution INTEGER, parent_task INTEGER, parent_id TEXT, parent_name TEXT,
          tags TEXT, custom BLOB, failure BLOB, output BLOB) STRICT;
        CREATE INDEX IF NOT EXISTS unfinished ON instances(key) WHERE status IN (0, 6, 7);
        CREATE TABLE IF NOT EXISTS history(
          instance INTEGER NOT NULL, sequence INTEGER NOT NULL, row BLOB NOT NULL,
          PRIMARY KEY(instance, sequence)) STRICT, WITHOUT ROWID;
        """;

    public static void Prepare(SqliteConnection connection, string? path)
    {
        if (path is not null)
        {
            // With a write-ahead log and NORMAL a commit is a write to the page cache: kill -9 loses nothing,
            // a power cut may lose the last commits but never tears one.
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;");
        }

        Execute(connection, "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;");
        using var version = new Statement(connection, "PRAGMA user_version");
        version.Read();
        var found = version.Integer(0);
        version.Reset();
        if (found != 0 && found != FormatVersion)
        {
            throw new InvalidOperationException(
                $"The history {path} has format {found}; this version of the engine reads format {FormatVersion}. Use the version that wrote it, or remove the file to start empty.");
        }

        Execute(connection, Tables + $"PRAGMA user_version={FormatVersion};");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
