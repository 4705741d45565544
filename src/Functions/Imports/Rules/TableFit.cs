namespace Chard.Functions.Imports.Rules;

/// <summary>Decides whether a file's columns go into a table, and as what.</summary>
public static class TableFit
{
    /// <summary>The columns of a table made for the file: a column without evidence is text.</summary>
    public static IReadOnlyList<ImportColumn> Create(IReadOnlyList<RequestedColumn> requested) =>
        [.. requested.Select(c => new ImportColumn(c.Name, c.Type ?? ColumnType.Text))];

    /// <summary>The columns, in the file's order and spelled as the table has them, of a table that exists.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="requested">The file's columns.</param>
    /// <param name="existing">The table's columns; a type of null is none that imports make.</param>
    /// <param name="columns">What to import; empty if the file does not go into the table.</param>
    /// <returns>Why the file does not go into the table, or null.</returns>
    public static ImportFault? Append(
        string table,
        IReadOnlyList<RequestedColumn> requested,
        IReadOnlyList<(string Name, ColumnType? Type)> existing,
        out IReadOnlyList<ImportColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(requested);
        ArgumentNullException.ThrowIfNull(existing);
        columns = [];
        var fitted = new List<ImportColumn>(requested.Count);
        foreach (var column in requested)
        {
            var (name, type) = existing.FirstOrDefault(e => e.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
            if (name is null || requested.Count != existing.Count)
            {
                return Mismatch(
                    table, $"it has the columns {Listed(existing.Select(e => e.Name))}, the file {Listed(requested.Select(c => c.Name))}");
            }

            if (type is not { } known || !Holds(known, column))
            {
                return Mismatch(table, $"its column '{name}' holds {(type is { } t ? Named(t) : "another type")}, the file's "
                    + $"{Named(column.Type ?? ColumnType.Text)}");
            }

            fitted.Add(new ImportColumn(name, known));
        }

        columns = fitted;
        return null;
    }

    private static bool Holds(ColumnType table, RequestedColumn column) =>
        column.Type is not { } type
        || type == table
        || (!column.Given && (table == ColumnType.Text || (table == ColumnType.Real && type == ColumnType.Integer)));

    private static ImportFault Mismatch(string table, string why) =>
        new(
            "table-mismatch",
            $"The table '{table}' exists and the file does not go into it: {why}. Import into another table, or give columns that match.");

    private static string Listed(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(20)) + (all.Count > 20 ? $" and {all.Count - 20} more" : "");
    }

    private static string Named(ColumnType type) => type.ToString().ToLowerInvariant();
}
