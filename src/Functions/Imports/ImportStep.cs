using Chard.Domain.Tasks;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports;

/// <summary>
/// What the orchestrator of an import is told. Settings come with it, for a change of configuration would break a replay.
/// </summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Args">What to import.</param>
/// <param name="Retry">How its steps are retried.</param>
/// <param name="ChunksInFlight">How many chunks are on their way at once.</param>
public sealed record ImportCsvInput(string Id, ImportCsvArgs Args, TaskPolicy Retry, int ChunksInFlight);

/// <summary>The input of a step that works on the whole file.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Args">What to import.</param>
public sealed record ImportStep(string Id, ImportCsvArgs Args);

/// <summary>What inspecting a file found; the names of its columns lie beside its chunks.</summary>
/// <param name="SizeBytes">The size of the file.</param>
/// <param name="Encoding">Its encoding.</param>
/// <param name="Delimiter">The character between its fields.</param>
/// <param name="Columns">How many columns its header has.</param>
public sealed record InspectedFile(long SizeBytes, string Encoding, char Delimiter, int Columns);

/// <summary>What splitting a file made.</summary>
/// <param name="Chunks">How many chunks.</param>
/// <param name="Records">How many records they hold.</param>
/// <param name="Rejected">How many records could not be read and are in none.</param>
public sealed record SplitFile(int Chunks, long Records, long Rejected);

/// <summary>The input of the step that imports one chunk.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Chunk">The chunk's place, from 0.</param>
public sealed record ChunkStep(string Id, int Chunk);

/// <summary>What became of the rows of a chunk.</summary>
/// <param name="Imported">How many are in the table.</param>
/// <param name="Rejected">How many are not.</param>
public sealed record ChunkCounts(long Imported, long Rejected);

/// <summary>How an import ends.</summary>
/// <param name="Result">What it did; null if it failed.</param>
/// <param name="Fault">Why it failed; null if it did something.</param>
public sealed record ImportSummary(ImportResult? Result, ImportFault? Fault);

/// <summary>The input of the step that sums an import up.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Imported">How many rows are in the table.</param>
/// <param name="Rejected">How many are not.</param>
/// <param name="MaxErrors">How many errors the document of errors may hold.</param>
public sealed record SummaryStep(string Id, long Imported, long Rejected, int MaxErrors);
