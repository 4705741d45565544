using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports.Databases;

/// <summary>
/// The database that files are imported into. Faults of the input are thrown as permanent failures,
/// faults of the moment as they come.
/// </summary>
public interface IImportDatabase
{
    /// <summary>Makes the table, or checks that the file goes into the one that is there.</summary>
    /// <returns>The columns to import, in the file's order.</returns>
    /// <exception cref="Domain.Failures.PermanentTaskException">The table is there and has other columns.</exception>
    Task<IReadOnlyList<ImportColumn>> PrepareTableAsync(
        string table,
        IReadOnlyList<RequestedColumn> columns,
        CancellationToken cancellationToken);

    /// <summary>What became of a chunk that is in already, or null.</summary>
    Task<ChunkCounts?> FindChunkAsync(ChunkKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Imports the rows of a chunk in one transaction with a record that it is in, so that a chunk is in once however often this
    /// runs, at the same time too.
    /// </summary>
    /// <param name="key">Names the chunk.</param>
    /// <param name="columns">The columns, in the order of the rows.</param>
    /// <param name="rows">The rows; bad ones are passed over and counted.</param>
    /// <param name="beforeCommit">Runs when all rows have been read and before they are in for good: what it throws undoes them.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is in then.</param>
    /// <returns>What became of the rows, now or when the chunk was imported before.</returns>
    Task<ChunkCounts> ImportChunkAsync(
        ChunkKey key,
        IReadOnlyList<ImportColumn> columns,
        ChunkRows rows,
        Func<CancellationToken, Task> beforeCommit,
        CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the record of which chunks of a workflow's import are in; the rows stay. Only once the workflow is over: a chunk that
    /// ran again would go in again.
    /// </summary>
    Task ForgetAsync(string workflowId, CancellationToken cancellationToken);
}

/// <summary>Names a chunk in the database.</summary>
/// <param name="ImportKey">The import.</param>
/// <param name="Table">The table it goes into.</param>
/// <param name="Chunk">Its place in the file, from 0.</param>
public sealed record ChunkKey(string ImportKey, string Table, int Chunk);
