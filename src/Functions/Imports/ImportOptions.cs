using System.ComponentModel.DataAnnotations;

namespace Chard.Functions.Imports;

/// <summary>Settings of imports, section <c>Chard:Imports</c>.</summary>
public sealed class ImportOptions
{
    public const string Section = "Chard:Imports";

    /// <summary>
    /// The database, as a connection string: <c>Data Source=…</c> is a SQLite file, a relative path counted from
    /// <see cref="Folder"/>; <c>Host=…</c> is PostgreSQL. Default <c>Data Source=imports.db</c>.
    /// </summary>
    [Required]
    public string Database { get; set; } = "Data Source=imports.db";

    /// <summary>
    /// The folder that relative paths of <see cref="Database"/> start from. Default: setting
    /// <c>LOCALHOST_DATA</c>, else <c>.chard</c>.
    /// </summary>
    [Required]
    public string Folder { get; set; } = ".chard";

    /// <summary>The most connections to the database that imports of this process hold at once, 1 to 100. Default 4.</summary>
    [Range(1, 100)]
    public int MaxConnections { get; set; } = 4;

    /// <summary>How many chunks of one import are on their way at once, 1 to 64. Default 4.</summary>
    [Range(1, 64)]
    public int ChunksInFlight { get; set; } = 4;

    /// <summary>
    /// Containers of the app's storage account that an import's <c>source</c> may name, beside that of the uploads. Default: none.
    /// </summary>
    public ICollection<string> Sources { get; } = [];
}
