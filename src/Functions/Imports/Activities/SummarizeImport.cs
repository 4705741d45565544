using Chard.Domain.Imports;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>Makes one document of all row errors and sums the import up. Safe to run twice.</summary>
public sealed class SummarizeImport(ImportBlobs blobs)
{
    /// <summary>The activity.</summary>
    [Function(nameof(SummarizeImport))]
    public async Task<ImportResult> RunAsync([ActivityTrigger] SummaryStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        var plan = await blobs.ReadAsync<ImportPlan>(step.Id, "plan.json", cancellationToken);
        if (step.Rejected > 0)
        {
            await blobs.MergeErrorsAsync(step.Id, step.MaxErrors, cancellationToken);
        }

        return new ImportResult(
            plan.Table, plan.Columns, step.Imported + step.Rejected, step.Imported, step.Rejected, step.Rejected > 0 ? ImportsApi.ErrorsPath(step.Id) : null);
    }
}
