namespace Chard.Functions.Imports.Rules;

/// <summary>What an import of a CSV file is told. <see cref="ImportCsvArgsValidator"/> holds the rules.</summary>
public sealed record ImportCsvArgs
{
    /// <summary>The file: <c>container/name</c> of a blob in the app's storage account.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// The table to append to; it is created if it does not exist. 1 to 63 of letters, digits and <c>_</c>; null for a table of the
    /// import's own, as <see cref="TableNames.Of"/> names it.
    /// </summary>
    public string? Table { get; init; }

    /// <summary>
    /// The columns in the file's order, such as <c>id:integer,name:text</c>, which cells are converted to; null to take the header's names
    /// and infer types that change no cell.
    /// </summary>
    public string? Columns { get; init; }

    /// <summary>
    /// The character between fields, or <c>tab</c>, <c>comma</c>, <c>semicolon</c>, <c>pipe</c>; null to find it among <c>, ; tab |</c>.
    /// </summary>
    public string? Delimiter { get; init; }

    /// <summary>
    /// <c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c>, <c>windows-1252</c> or <c>iso-8859-1</c>; null to find it by the byte order
    /// mark and take UTF-8 without one.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>
    /// Whether the first line names the columns; null is true. Without a header the columns are those of <see cref="Columns"/>, else
    /// <c>column_1</c>, <c>column_2</c> and so on.
    /// </summary>
    public bool? Header { get; init; }

    /// <summary>How many row errors are kept with line and reason, 0 to 100,000; null is 1,000.</summary>
    public int? MaxErrors { get; init; }
}
