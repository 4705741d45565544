namespace Chard.Domain.Imports;

/// <summary>What splitting a file found.</summary>
/// <param name="Chunks">How many chunks were made.</param>
/// <param name="Records">How many records they hold.</param>
/// <param name="Rejected">How many records could not be read and are in no chunk.</param>
/// <param name="Errors">The first of them, in the order of lines.</param>
/// <param name="Types">The type of each column of the header; null where every cell is blank, or where types were not asked for.</param>
public sealed record SplitOutcome(int Chunks, long Records, long Rejected, IReadOnlyList<RowError> Errors, IReadOnlyList<ColumnType?> Types);
