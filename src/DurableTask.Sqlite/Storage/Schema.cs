using System.Globalization;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// The tables, and how an older version of them becomes this one. <c>user_version</c> of the file is the count of scripts that made it.
/// </summary>
/// <remarks>
/// instances: one row an instance, its latest execution; times are ticks (UTC). history: its events in order, key = instances.number * 2^24
/// + position. messages: what waits for an instance, by key; due: not before that time (ticks), else null. tasks: activities that have not
/// completed. An instance's input is that of its ExecutionStarted event and stored nowhere else, so that a turn does not write it again.
/// </remarks>
internal static class Schema
{
    /// <summary>"Chrd", so that another program's database is not taken for one of ours.</summary>
    private const int ApplicationId = 0x43687264;

    public static readonly IReadOnlyList<string> Scripts =
    [
        """
        CREATE TABLE instances (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, execution TEXT, name TEXT, version TEXT, status INTEGER NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, completed INTEGER, scheduled INTEGER, generation INTEGER,
            parent TEXT, tags TEXT, custom TEXT, output TEXT, failure TEXT, events INTEGER NOT NULL DEFAULT 0, doomed TEXT);
        CREATE INDEX instances_parent ON instances (parent) WHERE parent IS NOT NULL;
        CREATE TABLE history (key INTEGER PRIMARY KEY, type INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE TABLE messages (
            key INTEGER PRIMARY KEY, instance TEXT NOT NULL, execution TEXT, due INTEGER, type INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX messages_instance ON messages (instance);
        CREATE INDEX messages_due ON messages (due) WHERE due IS NOT NULL;
        CREATE TABLE tasks (key INTEGER PRIMARY KEY, instance TEXT NOT NULL, execution TEXT, tags TEXT, body TEXT NOT NULL);
        CREATE TABLE owner (process INTEGER NOT NULL);
        INSERT INTO owner VALUES (0);
        """,
    ];

    /// <summary>
    /// Makes the tables, or brings them up to date. <see cref="SqliteStorageException"/> when the file is newer, or not one of ours.
    /// </summary>
    public static void Apply(Database database, string name, IReadOnlyList<string> scripts)
    {
        var version = database.Scalar<long>("PRAGMA user_version");
        var application = database.Scalar<long>("PRAGMA application_id");
        if (application != ApplicationId
            && (application != 0 || version != 0 || database.Scalar<long>("SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new SqliteStorageException($"{name} is a SQLite database, but not one of this engine's. Name another file.");
        }

        if (version > scripts.Count)
        {
            throw new SqliteStorageException(
                $"{name} has schema version {version}, this engine knows up to {scripts.Count}. "
                + "Use the newer version that wrote it, or another file.");
        }

        for (; version < scripts.Count; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            database.Script(scripts[(int)version]);
            database.Script(string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}"));
            database.Execute("COMMIT");
        }
    }
}
