using System.ComponentModel;
using System.Text;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Reports.Html;

namespace Chard.Functions.Reports;

/// <summary>
/// Makes one HTML page of the sections, streamed into the payload <see cref="DocumentName"/> of the workflow. The page depends on
/// its arguments alone, so a repetition writes the same bytes.
/// </summary>
[Description("Makes one HTML page of a report's sections.")]
public sealed class CombineReport : ITask<CombineReportArgs, ReportDocument>
{
    /// <summary>Name of the page among the payloads of its workflow.</summary>
    public const string DocumentName = "report.html";

    /// <inheritdoc/>
    public async Task<ReportDocument> RunAsync(CombineReportArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        if (args.Sections.Count != args.Plan.Sections.Count)
        {
            throw new PermanentTaskException(
                "invalid-args", $"The plan has {args.Plan.Sections.Count} sections, and {args.Sections.Count} are given.");
        }

        // What is put in goes in as it is: only what the sections of this workflow have written may.
        string own = $"{context.WorkflowId}/{ReportSection.Folder}";
        if (args.Sections.FirstOrDefault(s => s is not null && !s.Fragment.Blob.StartsWith(own, StringComparison.Ordinal)) is { } foreign)
        {
            throw new PermanentTaskException("invalid-args", $"Payload '{foreign.Fragment.Blob}' is no section of this workflow.");
        }

        var page = new ReportPage(args.Plan, [.. args.Sections.Select(s => s is not null)], context.WorkflowId, args.MadeAt);
        PayloadReference document = await context.Payloads.WriteAsync(
            context.WorkflowId, DocumentName, (stream, token) => WriteAsync(page, args.Sections, context.Payloads, stream, token),
            cancellationToken);
        return new(document, args.Sections.Count(s => s is not null));
    }

    private static async Task WriteAsync(
        ReportPage page, IReadOnlyList<ReportSection?> sections, IPayloadStore payloads, Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(page.Head()), cancellationToken);
        foreach (ReportSection section in sections.OfType<ReportSection>())
        {
            await using Stream fragment = await payloads.OpenReadAsync(section.Fragment, cancellationToken);
            await fragment.CopyToAsync(stream, cancellationToken);
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(page.Foot()), cancellationToken);
    }
}

/// <summary>What a report is made of.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Sections">The sections as the plan has them; null for one that was skipped.</param>
/// <param name="MadeAt">The time the report names as its own, UTC.</param>
public sealed record CombineReportArgs(ReportPlan Plan, IReadOnlyList<ReportSection?> Sections, DateTimeOffset MadeAt);

/// <summary>A report's page.</summary>
/// <param name="Document">The HTML: a payload of the workflow.</param>
/// <param name="Sections">How many sections it has.</param>
public sealed record ReportDocument(PayloadReference Document, int Sections);
