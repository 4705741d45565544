using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>
/// Makes the table, or checks that the file goes into the one that is there, and writes down what every chunk
/// needs to know. Safe to run twice.
/// </summary>
public sealed class PrepareImportTable(ImportBlobs blobs, IImportDatabase database)
{
    [Function(nameof(PrepareImportTable))]
    public async Task RunAsync([ActivityTrigger] ImportStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(step.Args.Table);
        var (layout, eTag) = await blobs.ReadAsync<InspectedLayout>(step.Id, "layout.json", cancellationToken);
        var rows = await blobs.ReadAsync<RowFindings>(step.Id, "rows.json", cancellationToken);
        var given = ColumnSpec.Of(step.Args);
        IReadOnlyList<RequestedColumn> requested = given is not null
            ? [.. given.Select(c => new RequestedColumn(c.Name, c.Type, Given: true))]
            : [.. layout.Names.Zip(rows.Types, (name, type) => new RequestedColumn(name, type, Given: false))];

        // A table made for a file that does not fit would hold nothing and have types that nobody gave and no cell showed.
        var columns = rows.NoneFits
            ? TableFit.Create(requested)
            : await database.PrepareTableAsync(step.Args.Table, requested, cancellationToken);
        var format = new RowFormat(columns, layout.Delimiter, Exact: given is null, rows.TrailingDelimiter);
        var plan = new ImportPlan(
            $"{step.Id}/{eTag}", step.Args.Table, format, !rows.NoneFits, step.Args.MaxErrors ?? ImportLimits.DefaultMaxErrors);
        await blobs.WriteAsync(step.Id, "plan.json", plan, cancellationToken);
    }
}
