namespace Chard.Functions.Imports.Rules;

/// <summary>What splitting a file found.</summary>
/// <param name="Chunks">How many chunks were made.</param>
/// <param name="Records">How many records they hold.</param>
/// <param name="Rejected">How many records could not be read and are in no chunk.</param>
/// <param name="Errors">The first of them, in the order of lines.</param>
/// <param name="Rows">What the rows are like.</param>
public sealed record SplitOutcome(int Chunks, long Records, long Rejected, IReadOnlyList<RowError> Errors, RowFindings Rows);

/// <summary>What the rows of a file are like.</summary>
/// <param name="Types">The type of each column; null where every cell is empty, or where types were not asked for.</param>
/// <param name="TrailingDelimiter">Whether all of them end in a delimiter too many.</param>
/// <param name="NoneFits">Whether there are rows, and none has as many fields as there are columns.</param>
public sealed record RowFindings(IReadOnlyList<ColumnType?> Types, bool TrailingDelimiter, bool NoneFits);
