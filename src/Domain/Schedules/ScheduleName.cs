using System.Globalization;
using System.Text.RegularExpressions;

namespace Chard.Domain.Schedules;

/// <summary>The rule for names of schedules, and what is made from one.</summary>
public static partial class ScheduleName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 32;

    /// <summary>What to tell whoever gave a name that is refused.</summary>
    public const string Rule = "A schedule's name is 1 to 32 characters of A-Z, a-z, 0-9, '_' and '-'.";

    /// <summary>True if <paramref name="name"/> keeps the rule.</summary>
    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    /// <summary>
    /// Id of the workflow of one tick, <c>{name}-{yyyyMMddTHHmmssZ}</c>: the same in every host, so that the start is made once.
    /// </summary>
    public static string WorkflowIdOf(string name, DateTimeOffset tick) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{tick.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");

    /// <summary>The stamp of every workflow of the schedule.</summary>
    public static string StampOf(string name) => "schedule=" + name;

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
