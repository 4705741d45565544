using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Options;

/// <summary>
/// What host.json may say. The Functions host ignores a key it does not know, so that a section in the wrong place goes unnoticed;
/// here it is a fault. The keys of an extension are the properties of its options.
/// </summary>
internal sealed partial class HostJsonRules(HostJson json)
{
    private static readonly string[] TopLevel =
    [
        "$schema", "version", "aggregator", "concurrency", "customHandler", "extensionBundle", "extensions", "functions", "functionTimeout",
        "healthMonitor", "logging", "managedDependency", "retry", "singleton", "telemetryMode", "watchDirectories", "watchFiles",
    ];

    private static readonly string[] Logging = ["applicationInsights", "console", "fileLoggingMode", "logLevel"];

    private static readonly string[] Http =
        ["customHeaders", "dynamicThrottlesEnabled", "hsts", "maxConcurrentRequests", "maxOutstandingRequests", "routePrefix"];

    private static readonly Dictionary<string, (int Least, int Most)> Ranges = new(StringComparer.OrdinalIgnoreCase)
    {
        ["batchSize"] = (1, 32),
        ["newBatchThreshold"] = (0, int.MaxValue),
        ["maxDequeueCount"] = (1, int.MaxValue),
        ["maxConcurrentActivityFunctions"] = (1, int.MaxValue),
        ["maxConcurrentOrchestratorFunctions"] = (1, int.MaxValue),
        ["maxConcurrentEntityFunctions"] = (1, int.MaxValue),
    };

    public void Check()
    {
        var root = json.Root;
        if (root["version"] != "2.0")
        {
            json.Fault(root.GetSection("version"), "it must be \"2.0\"");
        }

        Keys(root.GetChildren(), TopLevel);
        Keys(root.GetSection("logging").GetChildren(), Logging);
        Keys(root.GetSection("extensions:http").GetChildren(), Http);
        Options(root.GetSection("extensions:queues"), new QueuesOptions());
        Options(root.GetSection("extensions:durableTask"), new DurableTaskOptions());
        foreach (var level in root.GetSection("logging:logLevel").GetChildren())
        {
            Value(level, typeof(LogLevel));
        }

        var timeout = root.GetSection("functionTimeout");
        if (timeout.Value is not (null or "-1") && Value(timeout, typeof(TimeSpan)) is TimeSpan time && time <= TimeSpan.Zero)
        {
            json.Fault(timeout, "it must be longer than nothing, or \"-1\" for no limit");
        }

        var hub = root.GetSection("extensions:durableTask:hubName");
        if (hub.Value is not null && !hub.Value.Contains('%', StringComparison.Ordinal) && !HubName().IsMatch(hub.Value))
        {
            json.Fault(hub, "it must be 3 to 45 letters and digits and begin with a letter");
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,44}$")]
    private static partial Regex HubName();

    /// <summary>What the value may be; null where any text is.</summary>
    private static string? Wanted(Type type) =>
        type == typeof(bool) ? "it must be true or false"
        : type == typeof(int) ? "it must be a whole number"
        : type == typeof(TimeSpan) ? "it must be a time such as \"00:00:30\""
        : type.IsEnum ? $"it must be one of {string.Join(", ", Enum.GetNames(type))}"
        : null;

    private void Keys(IEnumerable<IConfigurationSection> sections, IReadOnlyCollection<string> known)
    {
        foreach (var section in sections.Where(section => !known.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
        {
            json.Fault(section, $"the host knows no such key{Nearest.Hint(section.Key, known)} Known here are {string.Join(", ", known)}");
        }
    }

    /// <summary>Each key must be a property of the options, and its value one the property takes.</summary>
    private void Options(IConfigurationSection section, object options)
    {
        var properties = options.GetType().GetProperties().ToDictionary(property => Camel(property.Name), StringComparer.OrdinalIgnoreCase);
        Keys(section.GetChildren(), properties.Keys);
        foreach (var child in section.GetChildren())
        {
            if (!properties.TryGetValue(child.Key, out var property))
            {
                continue;
            }

            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (child.Value is not null)
            {
                Set(child, property, options, Value(child, type));
            }
            else if (type.Assembly == options.GetType().Assembly && type.IsClass)
            {
                Options(child, Activator.CreateInstance(type)!);
            }
        }
    }

    private void Set(IConfigurationSection section, PropertyInfo property, object options, object? value)
    {
        try
        {
            if (value is not null)
            {
                property.SetValue(options, value);
            }
        }
        catch (TargetInvocationException error) when (error.InnerException is ArgumentException refused)
        {
            json.Fault(section, refused.Message.Split(" (Parameter")[0].TrimEnd('.'));
        }
    }

    /// <summary>The value as the type; null, and a fault, where it is none. Null without a fault where the type takes any text.</summary>
    private object? Value(IConfigurationSection section, Type type)
    {
        if (Wanted(type) is not { } wanted)
        {
            return null;
        }

        object? value = null;
        try
        {
            value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(section.Value!);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            // Said below.
        }

        // Of a time, "30" would be 30 days.
        if (value is null || (value is TimeSpan && !section.Value!.Contains(':', StringComparison.Ordinal)))
        {
            json.Fault(section, wanted);
            return null;
        }

        if (value is int number && Ranges.TryGetValue(section.Key, out var range) && (number < range.Least || number > range.Most))
        {
            var most = range.Most == int.MaxValue
                ? string.Empty
                : string.Create(CultureInfo.InvariantCulture, $" and at most {range.Most}");
            json.Fault(section, string.Create(CultureInfo.InvariantCulture, $"it must be at least {range.Least}{most}"));
            return null;
        }

        return value;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
