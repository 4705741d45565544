using System.ComponentModel;
using System.Text;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Reports.Sections;

namespace Chard.Functions.Reports;

/// <summary>
/// Draws one section from aggregates that the database computes, and stores it as a payload of the workflow. Has no effect outside;
/// a repetition replaces what it stored.
/// </summary>
[Description("Draws one section of a report from aggregates of a table.")]
[TaskPolicy(TimeLimitSeconds = 3600)]
public sealed class GenerateSection(IReportData data) : ITask<GenerateSectionArgs, ReportSection>
{
    /// <inheritdoc/>
    public async Task<ReportSection> RunAsync(GenerateSectionArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        if (args.Kind != SectionKind.Overview && args.Columns.Count != 1)
        {
            throw new PermanentTaskException(
                "invalid-args", $"A section of this kind is about one column; {args.Columns.Count} are given.");
        }

        string html = args.Kind switch
        {
            SectionKind.Histogram => await HistogramSection.DrawAsync(args, data, cancellationToken),
            SectionKind.Values => await ValuesSection.DrawAsync(args, data, cancellationToken),
            SectionKind.Timeline => await TimelineSection.DrawAsync(args, data, cancellationToken),
            _ => OverviewSection.Draw(args),
        };
        return new(await context.Payloads.WriteAsync(
            context.WorkflowId,
            ReportSection.FolderOf(context.Path) + "section.html",
            Encoding.UTF8.GetBytes(html),
            cancellationToken));
    }
}

/// <summary>A section that was drawn.</summary>
/// <param name="Fragment">Its HTML: a payload of the workflow.</param>
public sealed record ReportSection(PayloadReference Fragment)
{
    /// <summary>What the names of all sections' payloads begin with.</summary>
    public const string Folder = "report/";

    /// <summary>Where the task at <paramref name="path"/> puts its section.</summary>
    public static string FolderOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return $"{Folder}{path.Replace('~', '/')}/";
    }
}
