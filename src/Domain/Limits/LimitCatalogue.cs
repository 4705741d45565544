using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Chard.Domain.Limits;

/// <summary>
/// All limits of the app, from settings <c>Chard:Limits:{key}:…</c> and from what tasks say of theirs, checked whole when it is made.
/// </summary>
public sealed class LimitCatalogue
{
    /// <summary>Where the settings of all limits are.</summary>
    public const string Section = "Chard:Limits";

    private static readonly string[] Members = [nameof(LimitRule.Concurrency), nameof(LimitRule.PerSecond), nameof(LimitRule.Burst)];

    private readonly Dictionary<string, LimitRule> _rules;

    private LimitCatalogue(Dictionary<string, LimitRule> rules) => _rules = rules;

    /// <summary>No limits.</summary>
    public static LimitCatalogue Empty { get; } = new([]);

    /// <summary>All limits, in order of their keys.</summary>
    public IEnumerable<LimitRule> All => _rules.Values.OrderBy(r => r.Key, StringComparer.Ordinal);

    /// <summary>All keys, in order.</summary>
    public IReadOnlyCollection<string> Keys => [.. All.Select(r => r.Key)];

    /// <summary>The catalogue that settings and tasks make.</summary>
    /// <param name="settings">What is set below <see cref="Section"/>: by key, members and their values.</param>
    /// <param name="declared">What tasks say of their limits, where settings do not; null for nothing.</param>
    /// <exception cref="LimitCatalogueException">Something is wrong; says all of it.</exception>
    public static LimitCatalogue Create(
        IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> settings,
        params IEnumerable<TaskLimitAttribute> declared)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(declared);
        var faults = new List<string>();
        Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> said = Said(declared, faults);
        var rules = new Dictionary<string, LimitRule>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, IReadOnlyList<KeyValuePair<string, string?>> members) in said
            .Where(s => !settings.Keys.Contains(s.Key, StringComparer.OrdinalIgnoreCase)))
        {
            rules[key] = Read(key, $"[TaskLimit(\"{key}\")]", members, faults);
        }

        foreach ((string key, IReadOnlyList<KeyValuePair<string, string?>> members) in settings)
        {
            IEnumerable<KeyValuePair<string, string?>> others = said.GetValueOrDefault(key, [])
                .Where(m => !members.Any(own => Is(own, m.Key)));
            rules[key] = Read(key, $"{Section}:{key}", [.. members, .. others], faults);
        }

        return faults.Count == 0 ? new(rules) : throw new LimitCatalogueException(faults);
    }

    /// <summary>Finds a limit by its key, in any case.</summary>
    public bool TryGet(string? key, [NotNullWhen(true)] out LimitRule? rule)
    {
        rule = null;
        return key is not null && _rules.TryGetValue(key, out rule);
    }

    /// <summary>What is wrong with naming <paramref name="key"/>; null if there is such a limit.</summary>
    public string? FaultOf(string? key) => TryGet(key, out _) ? null : Say(key, Keys);

    /// <summary>Says that no setting defines a key, and which ones there are.</summary>
    internal static string Say(string? key, IReadOnlyCollection<string> keys) =>
        $"There is no limit '{key}'. "
        + (keys.Count == 0
            ? $"No setting defines one ({Section}:{{key}}:Concurrency or PerSecond), and no task does ([TaskLimit])."
            : $"There are: {string.Join(", ", keys)}.");

    /// <summary>What tasks say of limits, by key.</summary>
    private static Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> Said(
        IEnumerable<TaskLimitAttribute> declared, List<string> faults)
    {
        var said = new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>(StringComparer.OrdinalIgnoreCase);
        foreach (TaskLimitAttribute limit in declared.Where(l => l.Settings.Count > 0))
        {
            if (!said.TryAdd(limit.Key, limit.Settings) && !said[limit.Key].SequenceEqual(limit.Settings))
            {
                faults.Add(
                    $"Two tasks say different things of limit '{limit.Key}' ([TaskLimit(\"{limit.Key}\", …)]). Let one of them say it, "
                        + "and the others name its key.");
            }
        }

        return said;
    }

    private static LimitRule Read(string key, string at, IReadOnlyList<KeyValuePair<string, string?>> members, List<string> faults)
    {
        if (!LimitKey.IsValid(key))
        {
            faults.Add($"{at} is no key of a limit; it must be {LimitKey.Rule}.");
        }

        foreach ((string name, _) in members.Where(m => !Members.Contains(m.Key, StringComparer.OrdinalIgnoreCase)))
        {
            faults.Add($"{at}:{name} is no setting of a limit. There are: {string.Join(", ", Members)}.");
        }

        double? concurrency = Number(nameof(LimitRule.Concurrency), 1, 10_000, whole: true);
        double? perSecond = Number(nameof(LimitRule.PerSecond), 0.001, 10_000, whole: false);
        double? burst = Number(nameof(LimitRule.Burst), 1, 10_000, whole: true);
        if (!members.Any(m => Is(m, nameof(LimitRule.Concurrency)) || Is(m, nameof(LimitRule.PerSecond))))
        {
            faults.Add($"{at} limits nothing: set {at}:Concurrency or {at}:PerSecond.");
        }
        else if (burst is not null && !members.Any(m => Is(m, nameof(LimitRule.PerSecond))))
        {
            faults.Add(
                $"{at}:Burst is '{burst.Value.ToString(CultureInfo.InvariantCulture)}', and there is no rate that "
                    + $"it belongs to: set {at}:PerSecond, or take it out.");
        }

        return new(key, (int?)concurrency, perSecond, (int)(burst ?? 1));

        double? Number(string member, double least, double most, bool whole)
        {
            if (members.Where(m => Is(m, member)).Select(m => m.Value).FirstOrDefault("") is not { Length: > 0 } text)
            {
                if (members.Any(m => Is(m, member)))
                {
                    Fault("");
                }

                return null;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number >= least && number <= most && (!whole || number == Math.Floor(number)))
            {
                return number;
            }

            Fault(text);
            return null;

            void Fault(string value) => faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{at}:{member} is '{value}'; it must be {(whole ? "a whole number" : "a number")}, {least} to {most}."));
        }
    }

    private static bool Is(KeyValuePair<string, string?> setting, string member) =>
        string.Equals(setting.Key, member, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The settings of limits will not do; the message says everything that is wrong.</summary>
public sealed class LimitCatalogueException(IReadOnlyList<string> faults)
    : Exception(
        "The settings of limits will not do:" + Environment.NewLine + string.Join(Environment.NewLine, faults.Select(f => "- " + f)))
{
    /// <summary>A sentence a fault.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
