using System.Data.Common;
using Azure.Core;

namespace Chard.Functions.Imports.Databases;

/// <summary>Finds the database that a connection string means.</summary>
public static class ImportDatabases
{
    /// <summary>Makes the database; it connects when first used.</summary>
    /// <param name="options">Its connection string and bounds.</param>
    /// <param name="entra">
    /// Enters a PostgreSQL of Azure by tokens, where the connection string has no password; null for a server that asks for none.
    /// </param>
    /// <exception cref="ArgumentException">The connection string means neither SQLite nor PostgreSQL.</exception>
    public static IImportDatabase Create(ImportOptions options, TokenCredential? entra = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (IsPostgres(options.Database))
        {
            return new PostgresImportDatabase(options.Database, options.MaxConnections, entra);
        }

        var parts = new DbConnectionStringBuilder { ConnectionString = options.Database };

        return parts.ContainsKey("Data Source") || parts.ContainsKey("DataSource") || parts.ContainsKey("Filename")
            ? new SqliteImportDatabase(options.Database, options.Folder)
            : throw new ArgumentException(
                $"Setting {ImportOptions.Section}:Database must be a connection string of SQLite (Data Source=...) or "
                    + "PostgreSQL (Host=...).",
                nameof(options));
    }

    /// <summary>True for a connection string of PostgreSQL.</summary>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static bool IsPostgres(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return parts.ContainsKey("Host") || parts.ContainsKey("Server");
    }
}
