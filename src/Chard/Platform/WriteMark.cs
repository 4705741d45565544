using System.Security.Cryptography;
using Azure.Data.Tables;

namespace Chard.Platform;

/// <summary>
/// Tells a writer its own write. When an answer of the service gets lost, the client sends the request again and is told that the row
/// exists or has changed: the mark in it says whether that was the very same write.
/// </summary>
internal static class WriteMark
{
    /// <summary>The column that has it.</summary>
    public const string Column = "Write";

    /// <summary>A text that no other write has.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>True if <paramref name="row"/> was written by the write of <paramref name="mark"/>.</summary>
    public static bool Is(TableEntity? row, string mark) => row?.GetString(Column) == mark;
}
