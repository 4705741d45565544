using System.Data.Common;

namespace Chard.Functions.Imports.Databases;

/// <summary>Finds the database that a connection string means.</summary>
public static class ImportDatabases
{
    /// <summary>Makes the database; it connects when first used.</summary>
    /// <exception cref="ArgumentException">The connection string means neither SQLite nor PostgreSQL.</exception>
    public static IImportDatabase Create(ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var parts = new DbConnectionStringBuilder { ConnectionString = options.Database };
        if (parts.ContainsKey("Host") || parts.ContainsKey("Server"))
        {
            return new PostgresImportDatabase(options.Database, options.MaxConnections);
        }

        return parts.ContainsKey("Data Source") || parts.ContainsKey("DataSource") || parts.ContainsKey("Filename")
            ? new SqliteImportDatabase(options.Database, options.Folder)
            : throw new ArgumentException(
                $"Setting {ImportOptions.Section}:Database must be a connection string of SQLite (Data Source=...) or "
                    + "PostgreSQL (Host=...).",
                nameof(options));
    }
}
