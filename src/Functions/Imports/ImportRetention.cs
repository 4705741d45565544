using Chard.Functions.Imports.Databases;
using Chard.Platform;

namespace Chard.Functions.Imports;

/// <summary>
/// What an import keeps beside its workflow: the upload, and the record of its chunks in the database. Both go with the workflow; what
/// was imported stays, for it is the database's.
/// </summary>
public sealed class ImportRetention(ImportSources sources, IImportDatabase database) : IWorkflowRetention
{
    /// <inheritdoc/>
    public string Name => "uploads";

    /// <inheritdoc/>
    public async Task<int> DeleteAsync(string workflowId, string workflow, CancellationToken cancellationToken)
    {
        if (workflow != nameof(ImportCsvOrchestrator.ImportCsv))
        {
            return 0;
        }

        await database.ForgetAsync(workflowId, cancellationToken);
        return await sources.DeleteUploadsAsync(workflowId, cancellationToken);
    }
}
