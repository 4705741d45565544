using System.Text.RegularExpressions;

namespace Chard.Domain.Identity;

/// <summary>
/// The rule for workflow ids: 1 to 64 of <c>A-Z a-z 0-9 _ -</c>, so that every instance id and row key made from
/// one is valid in every backend.
/// </summary>
public static partial class WorkflowId
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What to tell a caller whose id is refused.</summary>
    public const string Rule = "An id is 1 to 64 characters of A-Z, a-z, 0-9, '_' and '-'.";

    /// <summary>True if <paramref name="id"/> keeps the rule.</summary>
    public static bool IsValid(string? id) => id is not null && Pattern().IsMatch(id);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
