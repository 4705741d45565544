using Chard.Calls;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Imports.Activities;
using Chard.Functions.Imports.Rules;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Imports;

/// <summary>
/// Imports a CSV file into a table: a chain of steps over blobs, with the chunks side by side in the middle. Its history holds
/// counts and names, never rows, so it stays small whatever the file's size.
/// </summary>
public static class ImportCsvOrchestrator
{
    // How often a status row is written while chunks go in, at most.
    private const int ProgressReports = 20;

    [Function(nameof(ImportCsv))]
    public static Task<ImportResult?> ImportCsv([OrchestrationTrigger] TaskOrchestrationContext context, ImportCsvInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var retried = Retried(input.Retry);
        var step = new ImportStep(input.Id, input.Args);
        return context.TrackAsync(ImportAsync, Describe);

        async Task<ImportResult> ImportAsync()
        {
            await context.CallActivityAsync<InspectedFile>(nameof(InspectCsv), step, retried);
            var split = await context.CallActivityAsync<SplitFile>(nameof(SplitCsv), step, retried);
            await context.CallActivityAsync(nameof(PrepareImportTable), step, retried);
            var counts = await ImportChunksAsync(split.Chunks);
            var summary = await context.CallActivityAsync<ImportSummary>(
                nameof(SummarizeImport),
                new SummaryStep(
                    input.Id, counts.Imported, counts.Rejected + split.Rejected, input.Args.MaxErrors ?? ImportLimits.DefaultMaxErrors),
                retried);
            await context.CallActivityAsync(nameof(DeleteImportParts), input.Id, retried);
            return summary.Result ?? throw ImportFailure.Of(summary.Fault!);
        }

        async Task<ChunkCounts> ImportChunksAsync(int chunks)
        {
            var running = new List<Task<ChunkCounts>>(input.ChunksInFlight);
            var total = new ChunkCounts(0, 0);
            var started = 0;
            var reported = 0;
            for (var done = 0; done < chunks; done++)
            {
                while (started < chunks && running.Count < input.ChunksInFlight)
                {
                    running.Add(context.CallActivityAsync<ChunkCounts>(nameof(ImportChunk), new ChunkStep(input.Id, started++), retried));
                }

                var finished = await Task.WhenAny(running);
                running.Remove(finished);
                var counts = await finished;
                total = new ChunkCounts(total.Imported + counts.Imported, total.Rejected + counts.Rejected);
                if ((done + 1) * ProgressReports / chunks > reported)
                {
                    reported = (done + 1) * ProgressReports / chunks;
                    await context.ReportProgressAsync(new(chunks, done + 1, 0));
                }
            }

            return total;
        }
    }

    private static WorkflowError Describe(Exception exception) => exception switch
    {
        TaskFailedException failure => ImportFailure.Describe(failure.TaskName, failure.FailureDetails?.ErrorMessage),
        PermanentTaskException failure => ImportFailure.Describe(null, failure.Message),
        _ => WorkflowErrors.From(exception),
    };

    private static TaskOptions Retried(TaskPolicy policy) => TaskOptions.FromRetryPolicy(new RetryPolicy(
        policy.Attempts,
        TimeSpan.FromSeconds(policy.FirstDelaySeconds),
        policy.Backoff,
        TimeSpan.FromSeconds(Math.Max(policy.MaxDelaySeconds, policy.FirstDelaySeconds)))
    {
        HandleFailure = failure => ImportFailure.IsRetried(failure.ErrorType),
    });
}
