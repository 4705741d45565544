using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>
/// Checks the rows of a chunk and imports the good ones. The rows and the record that the chunk is in are one transaction, so a
/// chunk goes in once, however often this runs; a later run gives what the first one gave.
/// </summary>
public sealed class ImportChunk(ImportBlobs blobs, IImportDatabase database)
{
    [Function(nameof(ImportChunk))]
    public async Task<ChunkCounts> RunAsync([ActivityTrigger] ChunkStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        var plan = await blobs.ReadAsync<ImportPlan>(step.Id, "plan.json", cancellationToken);
        var key = new ChunkKey(plan.ImportKey, plan.Table, step.Chunk);
        if (plan.HasTable && await database.FindChunkAsync(key, cancellationToken) is { } before)
        {
            return before;
        }

        using var chunk = await blobs.ReadChunkAsync(step.Id, step.Chunk, cancellationToken);
        using var rows = new ChunkRows(chunk.Content, chunk.FirstLine, plan.Format, plan.MaxErrors);
        if (plan.HasTable)
        {
            return await database.ImportChunkAsync(key, plan.Format.Columns, rows, WriteErrorsAsync, cancellationToken);
        }

        if (rows.Read())
        {
            throw new InvalidOperationException("A row fits of a file of which none was to fit.");
        }

        await WriteErrorsAsync(cancellationToken);
        return new ChunkCounts(0, rows.Rejected);

        // Before the commit: a chunk that is in has its errors told, even if the process ends right after.
        Task WriteErrorsAsync(CancellationToken token) =>
            rows.Rejected == 0
                ? Task.CompletedTask
                : blobs.WriteErrorsAsync(step.Id, ImportBlobs.ErrorPart(step.Chunk), rows.Errors, token);
    }
}
