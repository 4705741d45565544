using System.ComponentModel;
using System.Globalization;
using Chard.Domain.Tasks;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports.Tasks;

/// <summary>Makes one document of all row errors and sums the import up. Safe to run twice.</summary>
[Description("Sums up an import and makes one document of all its rejected rows.")]
[TaskPolicy(TimeLimitSeconds = 3600)]
public sealed class SummarizeImport : ITask<SummarizeImportArgs, ImportResult>
{
    /// <summary>Code of an import of which no row is in.</summary>
    public const string EveryRowRejected = "every-row-rejected";

    private const string TrailingDelimiter =
        "Every row ends in one delimiter more than there are columns: the empty field after it was left out.";

    /// <inheritdoc/>
    public async Task<ImportResult> RunAsync(SummarizeImportArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        var parts = ImportParts.Of(context, args.Plan);
        var plan = await parts.ReadPlanAsync(args.Plan, cancellationToken);
        var first = args.Rejected > 0 ? await parts.MergeErrorsAsync(args.Chunks, plan.MaxErrors, cancellationToken) : null;
        var errors = first is null ? null : ImportsApi.ErrorsPath(context.WorkflowId);
        if (args.Imported == 0 && first is not null)
        {
            var rows = args.Rejected == 1
                ? "The only row was rejected"
                : string.Create(CultureInfo.InvariantCulture, $"All {args.Rejected} rows were rejected");
            throw new ImportFault(EveryRowRejected, $"{rows}. Line {first.Line}: {first.Reason} All reasons: {errors}").ToException();
        }

        List<string> notes = plan.Format.TrailingDelimiter ? [TrailingDelimiter] : [];
        if (args.SkippedChunks > 0)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{args.SkippedChunks} of {args.Chunks} parts of the file were left out, by an operator or by the policy of ImportChunk: "
                    + $"their rows are in no count."));
        }

        var all = args.Imported + args.Rejected;
        return new ImportResult(plan.Table, plan.Format.Columns, all, args.Imported, args.Rejected, errors, notes);
    }
}
