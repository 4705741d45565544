using System.Globalization;
using Chard.Functions.Imports.Rules;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>Makes one document of all row errors and sums the import up. Safe to run twice.</summary>
public sealed class SummarizeImport(ImportBlobs blobs)
{
    private const string TrailingDelimiter =
        "Every row ends in one delimiter more than there are columns: the empty field after it was left out.";

    [Function(nameof(SummarizeImport))]
    public async Task<ImportSummary> RunAsync([ActivityTrigger] SummaryStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        var plan = await blobs.ReadAsync<ImportPlan>(step.Id, "plan.json", cancellationToken);
        var first = step.Rejected > 0 ? await blobs.MergeErrorsAsync(step.Id, step.MaxErrors, cancellationToken) : null;
        var errors = first is null ? null : ImportsApi.ErrorsPath(step.Id);
        if (step.Imported == 0 && first is not null)
        {
            var rows = step.Rejected == 1
                ? "The only row was rejected"
                : string.Create(CultureInfo.InvariantCulture, $"All {step.Rejected} rows were rejected");
            return new ImportSummary(null, new("every-row-rejected", $"{rows}. Line {first.Line}: {first.Reason} All reasons: {errors}"));
        }

        string[] notes = plan.Format.TrailingDelimiter ? [TrailingDelimiter] : [];
        var all = step.Imported + step.Rejected;
        return new ImportSummary(new ImportResult(plan.Table, plan.Format.Columns, all, step.Imported, step.Rejected, errors, notes), null);
    }
}
