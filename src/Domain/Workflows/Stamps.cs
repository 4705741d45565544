using System.Text.RegularExpressions;

namespace Chard.Domain.Workflows;

/// <summary>The rule for stamps, the labels that a workflow passes on to everything below it.</summary>
public static partial class Stamps
{
    /// <summary>Most stamps on one workflow.</summary>
    public const int MaxCount = 16;

    /// <summary>Longest stamp, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What to tell a caller whose stamps are refused.</summary>
    public const string Rule = "Stamps are up to 16 different labels, each 1 to 64 characters of A-Z, a-z, 0-9, '_', '-', '.', ':' and '='.";

    /// <summary>True if the stamps keep the rule.</summary>
    public static bool AreValid(IReadOnlyCollection<string> stamps)
    {
        ArgumentNullException.ThrowIfNull(stamps);
        return stamps.Count <= MaxCount
            && stamps.All(s => s is not null && Pattern().IsMatch(s))
            && stamps.Distinct(StringComparer.Ordinal).Count() == stamps.Count;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.:=-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
