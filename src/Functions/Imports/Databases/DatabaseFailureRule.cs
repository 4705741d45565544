using System.Globalization;
using Chard.Domain.Failures;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Chard.Functions.Imports.Databases;

/// <summary>
/// Failures of the databases. The exceptions of SQLite never say that they are transient, and those of PostgreSQL say it of fewer than
/// are: a database that cannot be opened, is locked or shuts down may be there again.
/// </summary>
internal sealed class DatabaseFailureRule : IFailureRule
{
    public TaskFailure? Classify(Exception exception, FailureContext context) => exception switch
    {
        SqliteException e => new(
            KindOf(DatabaseFailure.IsTransient(e)), "sqlite-" + e.SqliteErrorCode.ToString(CultureInfo.InvariantCulture), e.Message),
        PostgresException e => new(KindOf(DatabaseFailure.IsTransient(e)), "db-" + e.SqlState, e.Message),
        NpgsqlException e => new(KindOf(DatabaseFailure.IsTransient(e)), "db", e.InnerException?.Message ?? e.Message),
        _ => null,
    };

    private static FailureKind KindOf(bool isTransient) => isTransient ? FailureKind.Transient : FailureKind.Permanent;
}
