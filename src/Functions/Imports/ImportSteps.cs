using Chard.Domain.Payloads;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports;

/// <summary>
/// What the orchestrator of an import is told. The setting comes with it, for a change of configuration would break a replay.
/// </summary>
/// <param name="File">What to import.</param>
/// <param name="ChunksInFlight">How many chunks are on their way at once.</param>
public sealed record ImportCsvInput(ImportCsvArgs File, int ChunksInFlight);

/// <summary>A file that was inspected. The names of its columns can be many: then it travels as a payload.</summary>
/// <param name="Args">What to import.</param>
/// <param name="Layout">How the file is written.</param>
/// <param name="ETag">Which version of the source it is; the other steps read no other.</param>
/// <param name="SizeBytes">The size of the file.</param>
public sealed record InspectedFile(ImportCsvArgs Args, CsvLayout Layout, string ETag, long SizeBytes);

/// <summary>A file that was split.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">What its rows are like.</param>
/// <param name="Chunks">How many chunks it has.</param>
/// <param name="Records">How many records they hold.</param>
/// <param name="Rejected">How many records could not be read and are in none.</param>
public sealed record SplitFile(InspectedFile File, RowFindings Rows, int Chunks, long Records, long Rejected);

/// <summary>An import whose table is ready for its chunks.</summary>
/// <param name="Plan">An <see cref="ImportPlan"/>.</param>
/// <param name="Chunks">How many chunks there are.</param>
/// <param name="Rejected">How many records could not be read and are in none.</param>
public sealed record PreparedImport(PayloadReference Plan, int Chunks, long Rejected)
{
    /// <summary>The calls that import the chunks.</summary>
    internal IEnumerable<ImportChunkArgs> Calls => Enumerable.Range(0, Chunks).Select(chunk => new ImportChunkArgs(Plan, chunk));

    /// <summary>What the import is summed up from.</summary>
    /// <param name="counts">What became of each chunk; null for one that was skipped.</param>
    internal SummarizeImportArgs Sum(IReadOnlyList<ChunkCounts?> counts) => new(
        Plan,
        Chunks,
        counts.Sum(c => c?.Imported ?? 0),
        counts.Sum(c => c?.Rejected ?? 0) + Rejected,
        counts.Count(c => c is null));
}

/// <summary>Which chunk to import.</summary>
/// <param name="Plan">An <see cref="ImportPlan"/> of the workflow.</param>
/// <param name="Chunk">The chunk's place, from 0.</param>
public sealed record ImportChunkArgs(PayloadReference Plan, int Chunk);

/// <summary>What became of the rows of a chunk.</summary>
/// <param name="Imported">How many are in the table.</param>
/// <param name="Rejected">How many are not.</param>
public sealed record ChunkCounts(long Imported, long Rejected);

/// <summary>What to sum up.</summary>
/// <param name="Plan">An <see cref="ImportPlan"/> of the workflow.</param>
/// <param name="Chunks">How many chunks there are.</param>
/// <param name="Imported">How many rows are in the table.</param>
/// <param name="Rejected">How many are not.</param>
/// <param name="SkippedChunks">How many chunks were left out, rows and all.</param>
public sealed record SummarizeImportArgs(PayloadReference Plan, int Chunks, long Imported, long Rejected, int SkippedChunks);

/// <summary>Whose parts to delete.</summary>
/// <param name="Plan">An <see cref="ImportPlan"/> of the workflow.</param>
public sealed record DeleteImportPartsArgs(PayloadReference Plan);
