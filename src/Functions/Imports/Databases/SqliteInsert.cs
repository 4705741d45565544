using Chard.Functions.Imports.Rules;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Chard.Functions.Imports.Databases;

/// <summary>
/// An insert that is run once a row. It binds to the statement of the connection directly: a command of ADO.NET boxes every value
/// and looks every parameter up by name again for every row, which halves the speed of an import.
/// </summary>
internal sealed class SqliteInsert : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;

    public SqliteInsert(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, sql, out _statement), raw.SQLITE_OK);
    }

    public void Execute(ReadOnlySpan<Cell> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            ref readonly var cell = ref row[i];
            Check(
                cell.Kind switch
                {
                    CellKind.Null => raw.sqlite3_bind_null(_statement, i + 1),
                    CellKind.Integer => raw.sqlite3_bind_int64(_statement, i + 1, cell.Integer),
                    CellKind.Real => raw.sqlite3_bind_double(_statement, i + 1, cell.Real),
                    CellKind.Text => raw.sqlite3_bind_text(_statement, i + 1, cell.Text),
                    _ => raw.sqlite3_bind_text(_statement, i + 1, cell.ToIsoText()),
                },
                raw.SQLITE_OK);
        }

        Check(raw.sqlite3_step(_statement), raw.SQLITE_DONE);
        Check(raw.sqlite3_reset(_statement), raw.SQLITE_OK);
    }

    public void Dispose() => _statement?.Dispose();

    private void Check(int code, int expected)
    {
        if (code != expected)
        {
            throw new SqliteException(
                raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), code, raw.sqlite3_extended_errcode(_connection.Handle));
        }
    }
}
