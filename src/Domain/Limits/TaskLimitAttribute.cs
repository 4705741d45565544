using System.Globalization;

namespace Chard.Domain.Limits;

/// <summary>
/// Puts a task under a limit over all hosts, and says what the limit is where settings do not: <c>Chard:Limits:{key}:…</c> win over it,
/// each by itself. Tasks under the same key share its places; those that say what it is must say the same.
/// </summary>
/// <param name="key">The limit's name, such as that of the system that is called.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskLimitAttribute(string key) : Attribute
{
    /// <summary>The limit's name.</summary>
    public string Key { get; } = key;

    /// <inheritdoc cref="LimitRule.Concurrency"/>
    /// <remarks>0 for any number.</remarks>
    public int Concurrency { get; set; }

    /// <inheritdoc cref="LimitRule.PerSecond"/>
    /// <remarks>0 for any number.</remarks>
    public double PerSecond { get; set; }

    /// <inheritdoc cref="LimitRule.Burst"/>
    /// <remarks>0 for the default.</remarks>
    public int Burst { get; set; }

    /// <summary>What it says, as settings would; nothing where it only names the limit.</summary>
    internal IReadOnlyList<KeyValuePair<string, string?>> Settings =>
        [.. Said(nameof(Concurrency), Concurrency), .. Said(nameof(PerSecond), PerSecond), .. Said(nameof(Burst), Burst)];

    private static IEnumerable<KeyValuePair<string, string?>> Said(string member, double value) =>
        value == 0 ? [] : [new(member, value.ToString(CultureInfo.InvariantCulture))];
}
