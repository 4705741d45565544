using System.Security.Cryptography;
using System.Text;

namespace Chard.Functions.Imports.Rules;

/// <summary>The rule for names of tables.</summary>
public static class TableNames
{
    /// <summary>The table that records which chunks are in; it lies beside the imported tables and cannot be imported into.</summary>
    public const string ImportedChunks = "chard_imported_chunks";

    /// <summary>
    /// The table of an import that names none: one of its own, <c>import_</c> and the workflow's id. What a name of a table cannot
    /// hold of the id becomes a hash, so that no two ids share a table.
    /// </summary>
    public static string Of(string workflowId)
    {
        ArgumentNullException.ThrowIfNull(workflowId);
        var name = "import_" + workflowId;
        return Fault(name) is null
            ? name
            : $"import_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(workflowId)).AsSpan(0, 16))}";
    }

    /// <summary>Why <paramref name="name"/> is no name of a table, or null if it is one.</summary>
    public static string? Fault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > ImportLimits.MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return "The table's name must be 1 to 63 of the letters A to Z and a to z, digits and _.";
        }

        if (name.Equals(ImportedChunks, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
        {
            return $"The table's name '{name}' is reserved: choose another.";
        }

        return null;
    }
}
