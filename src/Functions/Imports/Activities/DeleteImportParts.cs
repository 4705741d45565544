using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>
/// Deletes the chunks of an import and their errors once nothing needs them. The source and the document of
/// errors stay. Safe to run twice.
/// </summary>
public sealed class DeleteImportParts(ImportBlobs blobs)
{
    [Function(nameof(DeleteImportParts))]
    public Task RunAsync([ActivityTrigger] string id, CancellationToken cancellationToken) => blobs.DeletePartsAsync(id, cancellationToken);
}
