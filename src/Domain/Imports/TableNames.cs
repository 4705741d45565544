namespace Chard.Domain.Imports;

/// <summary>The rule for names of tables.</summary>
public static class TableNames
{
    /// <summary>The table that records which chunks are in; it lies beside the imported tables and cannot be imported into.</summary>
    public const string ImportedChunks = "chard_imported_chunks";

    /// <summary>Why <paramref name="name"/> is no name of a table, or null if it is one.</summary>
    public static string? Fault(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "A table is needed: name it, for example table=people.";
        }

        if (name.Length > ImportLimits.MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return "The table's name must be 1 to 63 of the letters A to Z and a to z, digits and _.";
        }

        if (name.Equals(ImportedChunks, StringComparison.OrdinalIgnoreCase) || name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
        {
            return $"The table's name '{name}' is reserved: choose another.";
        }

        return null;
    }
}
