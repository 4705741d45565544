namespace Chard.Functions.Imports.Rules;

/// <summary>How the rows of a file become rows of a table.</summary>
/// <param name="Columns">The columns of the table, in the file's order.</param>
/// <param name="Delimiter">The character between fields.</param>
/// <param name="Exact">Whether a cell must come back as it stands: where the types are inferred. Where they are given, cells are
/// converted.</param>
/// <param name="TrailingDelimiter">Whether a row may end in one empty field too many.</param>
public sealed record RowFormat(IReadOnlyList<ImportColumn> Columns, char Delimiter, bool Exact, bool TrailingDelimiter = false);
