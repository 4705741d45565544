using Chard.Domain.Imports;
using Chard.Functions.Imports.Databases;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>Makes the table, or checks that the file goes into the one that is there, and writes down what every chunk needs to know. Safe to run twice.</summary>
public sealed class PrepareImportTable(ImportBlobs blobs, IImportDatabase database)
{
    /// <summary>The activity.</summary>
    [Function(nameof(PrepareImportTable))]
    public async Task RunAsync([ActivityTrigger] ImportStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(step.Args.Table);
        var (layout, eTag) = await blobs.ReadAsync<InspectedLayout>(step.Id, "layout.json", cancellationToken);
        var types = (await blobs.ReadAsync<InferredTypes>(step.Id, "types.json", cancellationToken)).Types;
        IReadOnlyList<RequestedColumn> requested = step.Args.Columns is not null && ColumnSpec.TryParse(step.Args.Columns, out var given) is null
            ? [.. given.Select(c => new RequestedColumn(c.Name, c.Type, Given: true))]
            : [.. layout.Names.Zip(types, (name, type) => new RequestedColumn(name, type, Given: false))];
        var columns = await database.PrepareTableAsync(step.Args.Table, requested, cancellationToken);
        await blobs.WriteAsync(
            step.Id,
            "plan.json",
            new ImportPlan($"{step.Id}/{eTag}", step.Args.Table, columns, layout.Delimiter, step.Args.MaxErrors ?? ImportLimits.DefaultMaxErrors),
            cancellationToken);
    }
}
