using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Imports.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Imports;

/// <summary>
/// Imports a CSV file into a table: a chain, then a map over the file's chunks, then a summary. Its history holds counts and names,
/// never rows, so it stays small whatever the file's size.
/// </summary>
public static class ImportCsvOrchestrator
{
    [Function(nameof(ImportCsv))]
    public static Task<object?> ImportCsv([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<ImportCsvInput> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return context.TrackAsync(ImportAsync);

        async Task<object?> ImportAsync()
        {
            PreparedImport import = await context.ChainAsync<PreparedImport>(
                input.Args.File, nameof(InspectCsv), nameof(SplitCsv), nameof(PrepareImportTable))
                ?? throw new PermanentTaskException(
                    "not-prepared", "not-prepared: The preparation was skipped, so there is nothing to import.");

            IReadOnlyList<ChunkCounts?> counts = await context.MapAsync<ChunkCounts>(
                nameof(ImportChunk),
                import.Calls,
                new GroupOptions(input.Args.ChunksInFlight, Report: context.ReportProgressAsync, StopsEarly: true));

            TaskValue result = await SummarizeAsync(import, counts);
            await context.CallTaskAsync(nameof(DeleteImportParts), new DeleteImportPartsArgs(import.Plan));
            return result.Reference ?? (object)result.ToElement();
        }

        async Task<TaskValue> SummarizeAsync(PreparedImport import, IReadOnlyList<ChunkCounts?> counts)
        {
            try
            {
                return await context.CallTaskAsync<TaskValue>(nameof(SummarizeImport), import.Sum(counts)) ?? TaskValue.Null;
            }
            catch (TaskExhaustedException e) when (e.Failure.Code == SummarizeImport.EveryRowRejected)
            {
                // The import has run to its end, so nothing needs its parts any more.
                await context.CallTaskAsync(nameof(DeleteImportParts), new DeleteImportPartsArgs(import.Plan));
                throw;
            }
        }
    }
}
