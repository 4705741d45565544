using Chard.Domain.Imports;

namespace Chard.Functions.Imports;

/// <summary>What is known of a file after it has been inspected: blob <c>{id}/layout.json</c>.</summary>
/// <param name="Layout">How it is written.</param>
/// <param name="ETag">Which version of the source it is; the other steps read no other.</param>
public sealed record InspectedLayout(CsvLayout Layout, string ETag);

/// <summary>What is known of a file after it has been split: blob <c>{id}/types.json</c>.</summary>
/// <param name="Types">The inferred type of each column; null without evidence.</param>
public sealed record InferredTypes(IReadOnlyList<ColumnType?> Types);

/// <summary>What every chunk needs to know: blob <c>{id}/plan.json</c>.</summary>
/// <param name="ImportKey">Names this import in the database: the workflow's id and the version of the source, so that a new file under an old id is a new import.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">Its columns, in the file's order.</param>
/// <param name="Delimiter">The character between fields.</param>
/// <param name="MaxErrors">How many errors a chunk keeps.</param>
public sealed record ImportPlan(string ImportKey, string Table, IReadOnlyList<ImportColumn> Columns, char Delimiter, int MaxErrors);
