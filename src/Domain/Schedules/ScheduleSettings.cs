using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Chard.Domain.Schedules;

/// <summary>Reads a schedule from settings <c>Chard:Schedules:{name}:{member}</c>.</summary>
public static class ScheduleSettings
{
    /// <summary>Where the settings of all schedules are.</summary>
    public const string Section = "Chard:Schedules";

    private const string Cron = nameof(Cron);
    private const string Start = nameof(Start);
    private const string TimeZone = nameof(TimeZone);
    private const string CatchUpMember = nameof(CatchUp);
    private const string Enabled = nameof(Enabled);

    private const string StartRule = """a start document in JSON, as one text, such as '{"task":"Echo","args":{"value":1}}'""";

    private static readonly string[] Members = [Cron, Start, TimeZone, CatchUpMember, Enabled];

    /// <summary>The schedule of a name; null if something is wrong.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">What is set below its section: member and value; null for a section.</param>
    /// <param name="now">The present time: a schedule must have a tick after it.</param>
    /// <param name="faults">Gets a sentence a fault: key, value, and what it may be.</param>
    public static ScheduleRule? Read(
        string name,
        IEnumerable<KeyValuePair<string, string?>> settings,
        DateTimeOffset now,
        ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(faults);
        int before = faults.Count;
        string at = $"{Section}:{name}";
        if (!ScheduleName.IsValid(name))
        {
            faults.Add($"{at} names a schedule '{name}'. {ScheduleName.Rule}");
        }

        var given = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);
        foreach (string member in given.Keys.Where(k => !Members.Contains(k, StringComparer.OrdinalIgnoreCase)))
        {
            faults.Add($"{at}:{member} is no setting of a schedule. There are: {string.Join(", ", Members)}.");
        }

        bool hasZone = TryZone(given, at, faults, out TimeZoneInfo? zone);
        ScheduleCron? cron = ReadCron(given, at, zone, now, faults);
        CatchUp catchUp = ReadCatchUp(given, at, faults);
        bool enabled = ReadEnabled(given, at, faults);
        if (given.GetValueOrDefault(Start) is not { } start)
        {
            faults.Add($"{at}:{Start} is {(given.ContainsKey(Start) ? "a section" : "not set")}; it must be {StartRule}.");
            return null;
        }

        return faults.Count == before && hasZone && cron is not null
            ? new(name, given[Cron]!, cron, zone!.Id, catchUp, enabled, start)
            : null;
    }

    private static bool TryZone(
        Dictionary<string, string?> given,
        string at,
        ICollection<string> faults,
        [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = TimeZoneInfo.Utc;
        if (!given.TryGetValue(TimeZone, out string? id) || TimeZoneInfo.TryFindSystemTimeZoneById(id ?? "", out zone))
        {
            return true;
        }

        faults.Add(
            $"{at}:{TimeZone} is '{id}'; it must be the id of a time zone that this machine knows, such as 'Europe/Berlin' or 'UTC'.");
        return false;
    }

    private static ScheduleCron? ReadCron(
        Dictionary<string, string?> given,
        string at,
        TimeZoneInfo? zone,
        DateTimeOffset now,
        ICollection<string> faults)
    {
        if (given.GetValueOrDefault(Cron) is not { } text)
        {
            faults.Add($"{at}:{Cron} is not set; it must be {ScheduleCron.Rule}.");
            return null;
        }

        if (!ScheduleCron.TryParse(text, zone ?? TimeZoneInfo.Utc, out ScheduleCron? cron, out string? fault))
        {
            faults.Add($"{at}:{Cron} is '{text}'; {fault}.");
            return null;
        }

        if (cron.Next(now) is null)
        {
            faults.Add($"{at}:{Cron} is '{text}'; it must be a time that comes, and this one never does.");
            return null;
        }

        return cron;
    }

    private static CatchUp ReadCatchUp(Dictionary<string, string?> given, string at, ICollection<string> faults)
    {
        if (!given.TryGetValue(CatchUpMember, out string? text))
        {
            return CatchUp.Last;
        }

        foreach (CatchUp policy in Enum.GetValues<CatchUp>())
        {
            if (string.Equals($"{policy}", text, StringComparison.OrdinalIgnoreCase))
            {
                return policy;
            }
        }

        faults.Add(
            $"{at}:{CatchUpMember} is '{text}'; it must be one of "
                + $"{string.Join(", ", Enum.GetNames<CatchUp>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.");
        return default;
    }

    private static bool ReadEnabled(Dictionary<string, string?> given, string at, ICollection<string> faults)
    {
        if (!given.TryGetValue(Enabled, out string? text))
        {
            return true;
        }

        if (!bool.TryParse(text, out bool enabled))
        {
            faults.Add($"{at}:{Enabled} is '{text}'; it must be true or false.");
        }

        return enabled;
    }
}
