using System.ComponentModel;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Functions.Reports;

/// <summary>Looks at a table and decides which sections its report has. Reads only.</summary>
[Description("Looks at an imported table and decides which sections its report has.")]
[TaskPolicy(TimeLimitSeconds = 3600)]
public sealed class PlanReport(IReportData data) : ITask<GenerateReportArgs, ReportPlan>
{
    /// <inheritdoc/>
    public async Task<ReportPlan> RunAsync(GenerateReportArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        InvalidArgs.ThrowIfAny(GenerateReportRules.Check(args));
        IReadOnlyList<TableColumn> all = await data.DescribeAsync(args.Table, cancellationToken);
        if (all.Count == 0)
        {
            throw new PermanentTaskException(
                "table-missing",
                $"There is no table '{args.Table}'. Import a file into it first: POST /api/imports?table={args.Table} with the "
                    + "CSV as the body.");
        }

        IReadOnlyList<TableColumn> columns = SectionChoice.FirstOf(args.Columns is null ? all : Named(args, all));
        TableCounts counts = await data.CountAsync(args.Table, [.. columns.Select(c => c.Name)], cancellationToken);
        ColumnProfile[] profiles =
            [.. columns.Zip(counts.Columns, (column, count) => new ColumnProfile(column.Name, column.Type, count.Values, count.Distinct))];
        return new(
            args.Table, args.Title ?? args.Table, counts.Rows, all.Count, profiles,
            SectionChoice.Of(profiles, GenerateReportRules.KindsOf(args), args.Columns is not null));
    }

    private static TableColumn[] Named(GenerateReportArgs args, IReadOnlyList<TableColumn> all)
    {
        Dictionary<string, TableColumn> byName = all.ToDictionary(c => c.Name, StringComparer.Ordinal);
        return [.. args.Columns!.Select(name => byName.GetValueOrDefault(name)
            ?? throw new PermanentTaskException("column-missing", $"Table '{args.Table}' has no column '{name}'. It has: {Some(all)}."))];
    }

    private static string Some(IReadOnlyList<TableColumn> columns) =>
        string.Join(", ", columns.Take(20).Select(c => c.Name)) + (columns.Count > 20 ? ", …" : "");
}
