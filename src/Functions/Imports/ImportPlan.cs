using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports;

/// <summary>What every chunk needs to know: a payload, since names of columns can be many.</summary>
/// <param name="ImportKey">Names this import in the database: the workflow's id and the version of the source, so that a new file
/// under an old id is a new import.</param>
/// <param name="Table">The table.</param>
/// <param name="Format">What its rows are to be.</param>
/// <param name="HasTable">Whether there is a table to import into. A file of which no row fits makes none.</param>
/// <param name="MaxErrors">How many errors a chunk keeps, and the document of all errors.</param>
public sealed record ImportPlan(string ImportKey, string Table, RowFormat Format, bool HasTable, int MaxErrors);
