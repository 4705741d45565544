using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Chard.Platform;

/// <summary>
/// The task hub of the app, found as the host finds it: <c>extensions.durableTask.hubName</c> of the host.json beside the app,
/// unless the host's override of it is set (<c>AzureFunctionsJobHost__extensions__durableTask__hubName</c>). A <c>%NAME%</c> in it
/// is the value of that setting.
/// </summary>
internal static partial class TaskHub
{
    /// <summary>
    /// Where the host keeps the hub's name among its settings: what host.json says lies under this key, and what overrides it.
    /// </summary>
    public const string HostSetting = "AzureFunctionsJobHost:extensions:durableTask:hubName";

    private const string InHostJson = "extensions:durableTask:hubName";

    /// <summary>The hub's name.</summary>
    /// <param name="settings">The app's settings.</param>
    /// <exception cref="InvalidOperationException">There is none, or it is no name for a hub. Says what to mend.</exception>
    public static string NameIn(IConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string told = settings[HostSetting] ?? HostJson(settings)[InHostJson] ?? throw new InvalidOperationException(
            $"host.json names no task hub: set extensions.durableTask.hubName. All tables, queues and containers are named after it.");
        string name = Setting().Replace(told, match => ValueOf(match.Groups["name"].Value, settings) ?? throw new InvalidOperationException(
            $"extensions.durableTask.hubName is '{told}', but there is no setting '{match.Groups["name"].Value}'."));
        return StorageNames.IsValid(name)
            ? name
            : throw new InvalidOperationException($"extensions.durableTask.hubName: {StorageNames.Rule(name)}");
    }

    /// <summary>The platform names the app's folder where the process was not started from it.</summary>
    private static IConfigurationRoot HostJson(IConfiguration settings) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(settings["FUNCTIONS_APPLICATION_DIRECTORY"] ?? AppContext.BaseDirectory, "host.json"), optional: true)
        .Build();

    // As environment variables are told to the host by their own name, and to the app with ':' for '__'.
    private static string? ValueOf(string name, IConfiguration settings) =>
        settings[name] ?? settings[name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)];

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
