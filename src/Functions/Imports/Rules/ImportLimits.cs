namespace Chard.Functions.Imports.Rules;

/// <summary>
/// The limits of an import. They are part of its contract: a file past one of them is refused or a row rejected, never half read.
/// </summary>
public static class ImportLimits
{
    /// <summary>The largest upload, in bytes: 1 GiB.</summary>
    public const long MaxSourceBytes = 1L << 30;

    /// <summary>The largest record, in bytes of UTF-8, line ending excluded: 1 MiB. A longer one is rejected.</summary>
    public const int MaxRecordBytes = 1 << 20;

    /// <summary>
    /// The size at which a chunk is closed, in bytes of UTF-8: 64 KiB under 4 MiB, so that with a last record of the usual size it
    /// fits a pooled buffer of 4 MiB. A chunk is at most one record larger.
    /// </summary>
    public const int ChunkBytes = (4 << 20) - (64 << 10);

    /// <summary>The start of a file that is looked at before anything is started, in bytes: 64 KiB.</summary>
    public const int HeadBytes = 64 << 10;

    /// <summary>The most columns of a file: 1,000. SQLite takes 2,000, PostgreSQL 1,600.</summary>
    public const int MaxColumns = 1_000;

    /// <summary>The longest name of a table, in characters, and of a column, in bytes of UTF-8: 63, PostgreSQL's limit.</summary>
    public const int MaxNameLength = 63;

    /// <summary>How many row errors are kept when the caller names no number: 1,000. Counts are exact whatever the limit.</summary>
    public const int DefaultMaxErrors = 1_000;

    /// <summary>The most row errors a caller may ask to keep: 100,000.</summary>
    public const int HighestMaxErrors = 100_000;
}
