namespace Microsoft.DurableTask.Abstractions;

/// <summary>The order of orchestration versions.</summary>
public static class TaskOrchestrationVersioningUtils
{
    /// <summary>
    /// Negative when the first is the lower. No version is lower than any; two dotted numbers compare as numbers,
    /// other texts as text without regard to case.
    /// </summary>
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        var hasSource = !string.IsNullOrWhiteSpace(sourceVersion);
        var hasOther = !string.IsNullOrWhiteSpace(otherVersion);
        if (!hasSource || !hasOther)
        {
            return hasSource.CompareTo(hasOther);
        }

        return System.Version.TryParse(sourceVersion, out var source) && System.Version.TryParse(otherVersion, out var other)
            ? source.CompareTo(other)
            : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
