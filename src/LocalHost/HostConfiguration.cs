using System.Collections.Concurrent;
using System.Globalization;
using Chard.LocalHost.Durable;
using Chard.LocalHost.Worker.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost;

/// <summary>
/// The host's settings: defaults, host.json, the app's settings (<c>AzureFunctionsJobHost__…</c> changes host.json),
/// the options; the later wins.
/// </summary>
internal static class HostConfiguration
{
    /// <summary>The section under which the WebJobs SDK looks for what host.json says.</summary>
    public const string Section = "AzureFunctionsJobHost";

    /// <summary>From where on the host's own categories are logged where host.json says nothing about them.</summary>
    private static readonly Dictionary<string, LogLevel> OwnLevels = new()
    {
        // What the function's category says too.
        ["Host.Results"] = LogLevel.None,
        // Its warnings are answers that are asked for, such as 404 for a queue that is not there yet.
        ["Azure.Core"] = LogLevel.Error,
        ["Azure"] = LogLevel.Warning,
        ["Chard.LocalHost"] = LogLevel.Warning,
        ["DurableTask"] = LogLevel.Warning,
        ["Function"] = LogLevel.Warning,
        ["Grpc"] = LogLevel.Warning,
        ["Host"] = LogLevel.Warning,
        // Of a start that fails, it says for each function what is said once.
        ["Host.Startup"] = LogLevel.Critical,
        ["Microsoft"] = LogLevel.Warning,
        // The host says it when a function has failed.
        ["Microsoft.Azure.Functions.Worker"] = LogLevel.Critical,
        // A start that fails is said by whoever began it.
        ["Microsoft.Extensions.Hosting"] = LogLevel.Critical,
        ["System"] = LogLevel.Warning,
        ["Yarp"] = LogLevel.Warning,
    };

    public static IConfiguration Build(FunctionsHostOptions options)
    {
        return new ConfigurationBuilder()
            .AddInMemoryCollection(UnderSection(Defaults(options.Engine)))
            .AddConfiguration(ReadFile(options.AppFolder))
            .AddInMemoryCollection(UnderSection(Tracing(options)))
            .AddInMemoryCollection(options.Settings)
            .AddInMemoryCollection(options.Settings.Where(setting => setting.Key.Contains("__", StringComparison.Ordinal))
                .Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .AddInMemoryCollection(UnderSection(options.HostJson))
            .AddInMemoryCollection(UnderSection([new("extensions:durableTask:storageProvider:type", $"{options.Engine}")]))
            .AddInMemoryCollection(
            [
                new("AzureWebJobsConfigurationSection", Section),
                new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"),
                // With these the durable extension takes a consumption plan's limits and prints its events.
                new("CONTAINER_NAME", string.Empty),
                new("WEBSITE_INSTANCE_ID", string.Empty),
            ])
            .Build();
    }

    /// <summary>What host.json says, under the section.</summary>
    public static IConfiguration ReadFile(string appFolder) => new ConfigurationBuilder()
        .AddInMemoryCollection(UnderSection(
            new ConfigurationBuilder().AddJsonFile(Path.Combine(appFolder, "host.json"), optional: true, reloadOnChange: false)
                .Build().AsEnumerable()))
        .Build();

    /// <summary>The functions that host.json names in <c>functions</c>; all where it has no such list.</summary>
    public static IReadOnlyList<RpcFunctionMetadata> Chosen(IConfiguration configuration, IReadOnlyList<RpcFunctionMetadata> functions)
    {
        var names = configuration.GetSection($"{Section}:functions").GetChildren()
            .Select(name => name.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return names.Count == 0 ? functions : [.. functions.Where(function => names.Contains(function.Name))];
    }

    public static string RoutePrefix(IConfiguration configuration) =>
        (configuration[$"{Section}:extensions:http:routePrefix"] ?? "api").Trim('/');

    /// <summary>Zero: none.</summary>
    public static TimeSpan FunctionTimeout(IConfiguration configuration) => configuration[$"{Section}:functionTimeout"] switch
    {
        null or "-1" => TimeSpan.Zero,
        var text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var limit) => limit,
        var text => throw new StartException($"functionTimeout in host.json is '{text}', which is no time span such as 00:05:00."),
    };

    /// <summary>
    /// What is logged: as host.json's <c>logging.logLevel</c> says. The host's own categories are quieter where it says nothing about them:
    /// from Warning on.
    /// </summary>
    public static void FilterLogs(ILoggingBuilder logging, IConfiguration configuration)
    {
        var levels = configuration.GetSection($"{Section}:logging:logLevel").GetChildren()
            .Where(level => level.Value is not null)
            .ToDictionary(level => level.Key, level => Level(level.Key, level.Value!), StringComparer.OrdinalIgnoreCase);
        var general = levels.Remove("Default", out var given) ? given : LogLevel.Information;
        var known = new ConcurrentDictionary<string, LogLevel>();
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddFilter((category, level) => level >= known.GetOrAdd(category ?? string.Empty, LevelOf));

        LogLevel LevelOf(string category)
        {
            var own = category.EndsWith(".User", StringComparison.Ordinal) ? null : Nearest(OwnLevels, category);
            return Nearest(levels, category) ?? (own > general ? own.Value : general);
        }
    }

    private static LogLevel? Nearest(Dictionary<string, LogLevel> levels, string category) => levels
        .Where(level => IsWithin(category, level.Key))
        .OrderByDescending(level => level.Key.Length).Select(level => (LogLevel?)level.Value).FirstOrDefault();

    private static bool IsWithin(string category, string prefix) =>
        category.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        && (category.Length == prefix.Length || category[prefix.Length] == '.');

    private static LogLevel Level(string category, string text) => Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level)
        ? level
        : throw new StartException(
            $"logging.logLevel of '{category}' in host.json is '{text}', which is none of {string.Join(", ", Enum.GetNames<LogLevel>())}.");

    private static IEnumerable<KeyValuePair<string, string?>> Defaults(DurableEngine engine)
    {
        yield return new("extensions:queues:maxPollingInterval", "00:00:02");
        if (engine == DurableEngine.Sqlite)
        {
            yield return new("extensions:durableTask:extendedSessionsEnabled", "true");
        }
        else
        {
            // A killed host's work is taken up when these are over; the extension's five minutes are made for many machines.
            yield return new("extensions:durableTask:storageProvider:controlQueueVisibilityTimeout", "00:01:00");
            yield return new("extensions:durableTask:storageProvider:workItemQueueVisibilityTimeout", "00:01:00");
        }
    }

    /// <summary>What host.json says of tracing is for Azure; here nobody pays for it who sends no telemetry anywhere.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Tracing(FunctionsHostOptions options)
    {
        yield return new("extensions:durableTask:tracing:distributedTracingEnabled", "true");
        yield return new("extensions:durableTask:tracing:version", HostTelemetry.IsWanted(options.Settings) ? "V2" : "None");
    }

    private static IEnumerable<KeyValuePair<string, string?>> UnderSection(IEnumerable<KeyValuePair<string, string?>> settings) =>
        settings.Where(setting => setting.Value is not null)
            .Select(setting => KeyValuePair.Create($"{Section}:{setting.Key}", setting.Value));
}
