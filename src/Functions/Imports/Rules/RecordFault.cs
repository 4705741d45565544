namespace Chard.Functions.Imports.Rules;

/// <summary>Why a record cannot be read at all.</summary>
public enum RecordFault
{
    /// <summary>It can be read.</summary>
    None,

    /// <summary>It is longer than <see cref="ImportLimits.MaxRecordBytes"/>.</summary>
    TooLong,

    /// <summary>A quote that opens a field is not closed: not before the end of the file, or not within the limit of a record.</summary>
    UnclosedQuote,

    /// <summary>Text follows the quote that closes a field.</summary>
    TextAfterQuote,

    /// <summary>It holds a NUL byte.</summary>
    Nul,

    /// <summary>It holds bytes that are not text in the file's encoding.</summary>
    InvalidText,
}
