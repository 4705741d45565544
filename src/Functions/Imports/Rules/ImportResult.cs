using System.Text.Json.Serialization;

namespace Chard.Functions.Imports.Rules;

/// <summary>What an import did. Rows are imported plus rejected ones; the header and empty lines are no rows.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">Its columns, in the file's order.</param>
/// <param name="Rows">How many rows the file holds.</param>
/// <param name="Imported">How many are in the table.</param>
/// <param name="Rejected">How many are not.</param>
/// <param name="Errors">A link to a document of <c>{"line","reason"}</c> lines, or null if no row was rejected.</param>
/// <param name="Notes">What was made of the file that its owner should know; mostly nothing.</param>
public sealed record ImportResult(
    [property: JsonPropertyName("table")] string Table,
    [property: JsonPropertyName("columns")] IReadOnlyList<ImportColumn> Columns,
    [property: JsonPropertyName("rows")] long Rows,
    [property: JsonPropertyName("imported")] long Imported,
    [property: JsonPropertyName("rejected")] long Rejected,
    [property: JsonPropertyName("errors")] string? Errors,
    [property: JsonPropertyName("notes")] IReadOnlyList<string> Notes);
