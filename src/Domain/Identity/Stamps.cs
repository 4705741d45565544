using System.Text.RegularExpressions;

namespace Chard.Domain.Identity;

/// <summary>The rule for stamps, the labels that a workflow passes on to everything below it.</summary>
public static partial class Stamps
{
    /// <summary>Most stamps on one workflow, and on one task after inheritance.</summary>
    public const int MaxCount = 16;

    /// <summary>Longest stamp, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What to tell a caller whose stamps are refused.</summary>
    public const string Rule =
        "Stamps are up to 16 different labels, each 1 to 64 characters of A-Z, a-z, 0-9, '_', '-', '.', ':' and '='.";

    /// <summary>True if <paramref name="stamp"/> may be one.</summary>
    public static bool IsValid(string? stamp) => stamp is not null && Pattern().IsMatch(stamp);

    /// <summary>True if the stamps keep the rule.</summary>
    public static bool AreValid(IReadOnlyCollection<string> stamps)
    {
        ArgumentNullException.ThrowIfNull(stamps);
        return stamps.Count <= MaxCount
            && stamps.All(IsValid)
            && stamps.Distinct(StringComparer.Ordinal).Count() == stamps.Count;
    }

    /// <summary>What is below a place inherits: <paramref name="outer"/>, then those of <paramref name="inner"/> that are new.</summary>
    public static IReadOnlyList<string> Union(IReadOnlyList<string>? outer, IReadOnlyList<string>? inner) =>
        Beyond(inner, outer) is not { } added ? outer ?? [] : [.. outer ?? [], .. added];

    /// <summary>Those of <paramref name="inner"/> that are not in <paramref name="outer"/>; null if there is none.</summary>
    public static IReadOnlyList<string>? Beyond(IReadOnlyList<string>? inner, IReadOnlyList<string>? outer)
    {
        if (inner is not { Count: > 0 })
        {
            return null;
        }

        string[] added = [.. inner.Distinct(StringComparer.Ordinal)
            .Where(s => outer is null || !outer.Contains(s, StringComparer.Ordinal))];
        return added.Length == 0 ? null : added;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.:=-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
