using System.Globalization;
using Chard.Domain.Failures;
using Microsoft.Data.Sqlite;

namespace Chard.Functions.Imports;

/// <summary>
/// Failures of SQLite, whose exceptions never say that they are transient: a busy or locked database and a disk that stumbles are.
/// </summary>
internal sealed class SqliteFailureRule : IFailureRule
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int InputOutput = 10;
    private const int Full = 13;

    public TaskFailure? Classify(Exception exception, FailureContext context) =>
        exception is SqliteException e
            ? new(
                e.SqliteErrorCode is Busy or Locked or InputOutput or Full ? FailureKind.Transient : FailureKind.Permanent,
                "sqlite-" + e.SqliteErrorCode.ToString(CultureInfo.InvariantCulture), e.Message)
            : null;
}
