namespace Chard.Functions.Imports.Databases;

/// <summary>What both dialects write alike.</summary>
internal static class Sql
{
    /// <summary>A name as an identifier, whatever it holds.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Names as a list of identifiers.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));
}
