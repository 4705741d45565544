using System.ComponentModel;
using Chard.Domain.Tasks;

namespace Chard.Functions.Imports.Tasks;

/// <summary>
/// Deletes the chunks of an import and their errors once nothing needs them. The source and the document of
/// errors stay. Safe to run twice.
/// </summary>
[Description("Deletes the chunks of an import once nothing needs them.")]
[TaskPolicy(TimeLimitSeconds = 3600)]
public sealed class DeleteImportParts : ITask<DeleteImportPartsArgs, bool>
{
    /// <summary>Deletes.</summary>
    /// <returns>True: nothing of them is left.</returns>
    public async Task<bool> RunAsync(DeleteImportPartsArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        await ImportParts.Of(context, args.Plan).DeleteAsync(cancellationToken);
        return true;
    }
}
