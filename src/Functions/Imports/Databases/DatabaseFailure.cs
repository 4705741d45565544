using System.Data.Common;
using Chard.Domain.Failures;
using Chard.Functions.Imports.Rules;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Chard.Functions.Imports.Databases;

/// <summary>Tells the faults of a database that come again with every try from those of the moment.</summary>
internal static class DatabaseFailure
{
    // SQLITE_BUSY, LOCKED, NOMEM, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL, SCHEMA: somebody else's lock, or a disk that can be mended.
    private static readonly int[] TransientSqliteCodes = [5, 6, 7, 9, 10, 13, 14, 15, 17];

    // Connection, resources (but not limits of the program), operator, rollback of a transaction, system.
    private static readonly string[] TransientPostgresClasses = ["08", "40", "53", "55", "57", "58"];

    /// <summary>The permanent failure that <paramref name="exception"/> is, or null if trying again may help.</summary>
    public static PermanentTaskException? Permanent(DbException exception) =>
        IsTransient(exception)
            ? null
            : new ImportFault("database-refused", $"The database refuses the import: {exception.Message}").ToException(exception);

    /// <summary>Whether trying again may help.</summary>
    public static bool IsTransient(DbException exception) => exception switch
    {
        SqliteException sqlite => TransientSqliteCodes.Contains(sqlite.SqliteErrorCode),
        PostgresException postgres => TransientPostgresClasses.Contains(postgres.SqlState[..2]) || postgres.IsTransient,
        _ => true,
    };
}
