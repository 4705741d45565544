using System.ComponentModel;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports.Tasks;

/// <summary>
/// Makes the table, or checks that the file goes into the one that is there, and writes down what every chunk
/// needs to know. Safe to run twice.
/// </summary>
[Description("Makes the table that a CSV file goes into, or checks that the file goes into the one that is there.")]
public sealed class PrepareImportTable(IImportDatabase database) : ITask<SplitFile, PreparedImport>
{
    /// <inheritdoc/>
    public async Task<PreparedImport> RunAsync(SplitFile args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        var (told, layout, eTag, _) = args.File;
        InvalidArgs.ThrowIfAny(ImportCsvArgsValidator.ValidateSettings(told));
        var table = told.Table ?? TableNames.Of(context.WorkflowId);
        var given = ColumnSpec.Of(told);
        IReadOnlyList<RequestedColumn> requested = given is not null
            ? [.. given.Select(c => new RequestedColumn(c.Name, c.Type, Given: true))]
            : [.. layout.Names.Zip(args.Rows.Types, (name, type) => new RequestedColumn(name, type, Given: false))];

        // A table made for a file that does not fit would hold nothing and have types that nobody gave and no cell showed.
        var columns = args.Rows.NoneFits
            ? TableFit.Create(requested)
            : await database.PrepareTableAsync(table, requested, cancellationToken);
        var format = new RowFormat(columns, layout.Delimiter, Exact: given is null, args.Rows.TrailingDelimiter);
        var plan = new ImportPlan(
            $"{context.WorkflowId}/{eTag}", table, format, !args.Rows.NoneFits, told.MaxErrors ?? ImportLimits.DefaultMaxErrors);
        return new PreparedImport(
            await ImportParts.Of(context, eTag).WritePlanAsync(plan, cancellationToken), args.Chunks, args.Rejected);
    }
}
