using System.Globalization;
using System.Text.RegularExpressions;

namespace Chard.Domain.Tasks;

/// <summary>
/// The rule for positions in a workflow: 1 to 200 of <c>A-Z a-z 0-9 . _ ~ -</c>, so that each is valid as a row key, in a blob's
/// name and in an event's name.
/// </summary>
public static partial class TaskPath
{
    /// <summary>Longest path, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>What to tell a caller whose path is refused.</summary>
    public const string Rule = "A path is 1 to 200 characters of A-Z, a-z, 0-9, '.', '_', '~' and '-'.";

    /// <summary>True if <paramref name="path"/> keeps the rule.</summary>
    public static bool IsValid(string? path) => path is not null && Pattern().IsMatch(path);

    /// <summary>
    /// The position of the <paramref name="index"/>-th call below <paramref name="parent"/>, which is null at
    /// the top: <c>3</c>, <c>2.0</c>, …
    /// </summary>
    public static string Below(string? parent, int index) =>
        parent is null ? index.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{parent}.{index}");

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
