using System.Diagnostics.CodeAnalysis;
using System.Text;
using Chard.Domain.Json;
using Chard.Domain.Schedules;
using Chard.Starts;
using Microsoft.Extensions.Configuration;

namespace Chard.Schedules;

/// <summary>The schedules of settings <c>Chard:Schedules</c>, checked whole when it is made, what they start included.</summary>
public sealed class ScheduleCatalogue
{
    private const int MaxShown = 200;

    private readonly Dictionary<string, Schedule> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ScheduleSettingsException">Something is wrong; says all of it.</exception>
    public ScheduleCatalogue(IConfiguration configuration, StartChecks checks, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(time);
        DateTimeOffset now = time.GetUtcNow();
        var faults = new List<string>();
        foreach (IConfigurationSection section in configuration.GetSection(ScheduleSettings.Section).GetChildren())
        {
            ScheduleRule? rule = ScheduleSettings.Read(
                section.Key, section.GetChildren().Select(s => KeyValuePair.Create(s.Key, s.Value)), now, faults);
            string? start = rule?.Start ?? section[nameof(ScheduleRule.Start)];
            StartRequest? request = start is null ? null : ReadStart(section.Key, start, checks, now, faults);
            if (rule is not null && request is not null)
            {
                _byName.Add(rule.Name, new(rule, request));
            }
        }

        if (faults.Count > 0)
        {
            throw new ScheduleSettingsException(faults);
        }
    }

    /// <summary>All schedules, in order of their names.</summary>
    public IEnumerable<Schedule> All => _byName.Values.OrderBy(s => s.Name, StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _byName.Count;

    /// <summary>Finds a schedule by its name, in any case.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Schedule? schedule) => _byName.TryGetValue(name, out schedule);

    private static StartRequest? ReadStart(string name, string text, StartChecks checks, DateTimeOffset now, List<string> faults)
    {
        try
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            if (utf8.Length > StartDocument.MaxBytes)
            {
                throw new InvalidStartException([new("", $"A start has at most {StartDocument.MaxBytes} bytes.")]);
            }

            StartRequest request = StartDocument.Parse(utf8);
            JsonFault[] own =
            [
                .. request.Id is null
                    ? []
                    : new JsonFault[] { new("/id", "A schedule gives each workflow the id of its tick: leave out 'id'.") },
                .. request.StartAt is null
                    ? []
                    : new JsonFault[] { new("/startAt", "A schedule starts when its tick comes: leave out 'startAt'.") },
            ];
            if (own.Length > 0)
            {
                throw new InvalidStartException(own);
            }

            request = request with { Stamps = [.. request.Stamps, ScheduleName.StampOf(name)] };
            if (ScheduleName.IsValid(name))
            {
                checks.Check(request, now);
            }

            return request;
        }
        catch (InvalidStartException e)
        {
            string shown = text.Length > MaxShown ? text[..MaxShown] + "…" : text;
            faults.AddRange(e.Faults.Select(f =>
                $"{ScheduleSettings.Section}:{name}:{nameof(ScheduleRule.Start)} is '{shown}'; it must be a start as POST "
                    + $"/api/workflows takes it{(f.Pointer.Length == 0 ? "" : $", and is wrong at {f.Pointer}")}: {f.Message}"));
            return null;
        }
    }
}

/// <summary>The settings of schedules are wrong; the message says everything that is.</summary>
public sealed class ScheduleSettingsException(IReadOnlyList<string> faults)
    : Exception(
        "The schedules cannot run as they are set:" + Environment.NewLine + string.Join(Environment.NewLine, faults.Select(f => "- " + f)))
{
    /// <summary>A sentence a fault.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
