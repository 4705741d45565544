using System.ComponentModel;
using Chard.Domain.Tasks;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports.Tasks;

/// <summary>
/// Checks the rows of a chunk and imports the good ones. The rows and the record that the chunk is in are one transaction, so a
/// chunk goes in once, however often this runs; a later run gives what the first one gave.
/// </summary>
[Description("Checks the rows of a chunk of a CSV file and imports the good ones, once.")]
[TaskPolicy(TimeLimitSeconds = 3600)]
public sealed class ImportChunk(IImportDatabase database) : ITask<ImportChunkArgs, ChunkCounts>
{
    /// <inheritdoc/>
    public async Task<ChunkCounts> RunAsync(ImportChunkArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        var parts = ImportParts.Of(context, args.Plan);
        var plan = await parts.ReadPlanAsync(args.Plan, cancellationToken);
        var key = new ChunkKey(plan.ImportKey, plan.Table, args.Chunk);
        if (plan.HasTable && await database.FindChunkAsync(key, cancellationToken) is { } before)
        {
            return before;
        }

        using var chunk = await parts.ReadChunkAsync(args.Chunk, cancellationToken);
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
            rows.Rejected == 0 ? Task.CompletedTask : parts.WriteErrorsAsync(args.Chunk, rows.Errors, token);
    }
}
