namespace Chard.Functions.Imports.Rules;

/// <summary>A record that <see cref="RecordScanner"/> found.</summary>
/// <param name="Line">The 1-based line where it starts.</param>
/// <param name="Lines">How many line breaks it takes, its own ending included; a last record without ending
/// counts its last line too.</param>
/// <param name="Fault">Why it cannot be read, or none.</param>
/// <param name="FaultLine">The line to report: where the quote at fault opens, otherwise <paramref name="Line"/>.</param>
public readonly record struct ScannedRecord(long Line, long Lines, RecordFault Fault, long FaultLine)
{
    /// <summary>What to tell the owner of the file.</summary>
    public string Reason => Fault switch
    {
        RecordFault.TooLong => "The record is longer than 1 MiB.",
        RecordFault.UnclosedQuote => "The quote that opens here is never closed: close it, or double quotes that are part of a value.",
        RecordFault.TextAfterQuote => "Text follows a closing quote: double quotes that are part of a quoted value.",
        RecordFault.Nul => "The row holds a NUL byte.",
        RecordFault.InvalidText =>
            "The row holds bytes that are not text in the file's encoding: save the file as UTF-8, or name its encoding.",
        _ => "",
    };
}
