namespace Chard.Functions.Reports;

/// <summary>What to report on. <see cref="GenerateReportRules"/> holds the rules.</summary>
/// <param name="Table">An imported table: 1 to 63 of letters, digits and <c>_</c>.</param>
/// <param name="Title">The report's title, 1 to 200 characters; null for the table's name.</param>
/// <param name="Sections">Which kinds of sections it has: <c>overview</c>, <c>histogram</c>, <c>values</c>, <c>timeline</c>; null
/// for all that suit the columns.</param>
/// <param name="Columns">The columns to look at, up to 50, in this order; null for the table's first 50.</param>
public sealed record GenerateReportArgs(
    string Table,
    string? Title = null,
    IReadOnlyList<string>? Sections = null,
    IReadOnlyList<string>? Columns = null);

/// <summary>A report that was made.</summary>
/// <param name="Table">The table.</param>
/// <param name="Title">The report's title.</param>
/// <param name="Rows">How many rows the table had when the report was planned.</param>
/// <param name="Sections">How many sections the report has.</param>
/// <param name="Report">Link to the report, relative to the host.</param>
public sealed record GenerateReportResult(string Table, string Title, long Rows, int Sections, string Report);
