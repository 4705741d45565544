using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Reports;

/// <summary>Reports on an imported table: a plan, the sections side by side, then one page of all of them. A chord.</summary>
public static class GenerateReportOrchestrator
{
    /// <summary>Sections of one report at work at once: each is a query that reads the table.</summary>
    public const int SectionsInFlight = 4;

    [Function(nameof(GenerateReport))]
    public static Task<GenerateReportResult?> GenerateReport(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        WorkflowInput<GenerateReportArgs> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return context.TrackAsync(ReportAsync);

        async Task<GenerateReportResult?> ReportAsync()
        {
            DateTime madeAt = DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc);
            ReportPlan plan = await context.CallTaskAsync<ReportPlan>(nameof(PlanReport), input.Args)
                ?? throw new PermanentTaskException("not-planned", "not-planned: The plan was skipped, so there is nothing to report on.");

            ReportDocument? document = await context.ChordAsync(
                header: plan.Calls.Select(section => context.Signature<ReportSection>(nameof(GenerateSection), section)),
                body: sections =>
                    context.CallTaskAsync<ReportDocument>(nameof(CombineReport), new CombineReportArgs(plan, sections, madeAt)),
                new GroupOptions(SectionsInFlight, Report: context.ReportProgressAsync));

            return document is null ? null : new(plan.Table, plan.Title, plan.Rows, document.Sections, ReportsApi.PathOf(input.Id));
        }
    }
}
