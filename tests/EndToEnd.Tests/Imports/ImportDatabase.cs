using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Chard.EndToEnd.Tests.Imports;

/// <summary>Looks into the SQLite file that imports go to, from outside the app.</summary>
internal static class ImportDatabase
{
    /// <summary>The single answer of <paramref name="query"/>, as text.</summary>
    public static string Ask(string file, string query)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }
}
