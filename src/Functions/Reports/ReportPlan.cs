using System.Text.Json.Serialization;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Reports;

/// <summary>What a report is made of. Small enough to travel with every step, whatever the columns are named.</summary>
/// <param name="Table">The table.</param>
/// <param name="Title">The report's title.</param>
/// <param name="Rows">The table's rows when the plan was made.</param>
/// <param name="TableColumns">How many columns the table has; those past <paramref name="Columns"/> get no section.</param>
/// <param name="Columns">The columns that are looked at.</param>
/// <param name="Sections">The sections, in the report's order.</param>
public sealed record ReportPlan(
    string Table, string Title, long Rows, int TableColumns, IReadOnlyList<ColumnProfile> Columns, IReadOnlyList<PlannedSection> Sections)
{
    /// <summary>What each section's task is told, in the report's order.</summary>
    [JsonIgnore]
    public IEnumerable<GenerateSectionArgs> Calls =>
        Sections.Select((section, position) => new GenerateSectionArgs(
            Table, position, section.Kind, Rows, section.Column is { } column ? [Columns[column]] : Columns));
}

/// <summary>A column as the plan found it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds; null for a type that no import makes.</param>
/// <param name="Values">Rows that have a value there.</param>
/// <param name="Distinct">How many different values there are.</param>
public sealed record ColumnProfile(string Name, ColumnType? Type, long Values, long Distinct);

/// <summary>A section of the plan.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Column">Its column's place in the plan, from 0; null for all columns.</param>
public sealed record PlannedSection(SectionKind Kind, int? Column);

/// <summary>What the task of one section is told.</summary>
/// <param name="Table">The table.</param>
/// <param name="Position">The section's place in the report, from 0.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="Rows">The table's rows when the plan was made.</param>
/// <param name="Columns">Its column, or for the overview all of them.</param>
public sealed record GenerateSectionArgs(string Table, int Position, SectionKind Kind, long Rows, IReadOnlyList<ColumnProfile> Columns);
