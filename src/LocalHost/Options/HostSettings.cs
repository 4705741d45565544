using System.Collections;
using System.Globalization;
using System.Net;
using Chard.LocalHost.Azurite;
using Chard.LocalHost.Durable;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Options;

/// <summary>What arguments, files and environment say together.</summary>
internal sealed record HostSettings
{
    /// <summary>Given to the app: the folder in which it may keep files of its own that outlive it.</summary>
    public const string DataSetting = "LOCALHOST_DATA";

    /// <summary>Where development storage is: the port of blobs; queues and tables follow. Default 10000.</summary>
    public const string StoragePortSetting = "LOCALHOST_STORAGE_PORT";

    private const int DefaultPort = 7071;
    private const string Storage = "AzureWebJobsStorage";
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    public required string App { get; init; }

    public required string Data { get; init; }

    public required int Port { get; init; }

    public required IPAddress Address { get; init; }

    public required DurableEngine Engine { get; init; }

    public required bool EnableAuth { get; init; }

    /// <summary>The app's environment: that of this process, else what local.settings.json says.</summary>
    public required IReadOnlyDictionary<string, string?> Environment { get; init; }

    /// <summary>Begins the name of a task hub of the data folder's own; null where the hub stays as it is named.</summary>
    public required string? HubPrefix { get; init; }

    /// <summary>Where the app's storage is, if that is the emulator's, which this host starts where nobody has.</summary>
    public required AzuriteEndpoint? DevelopmentStorageAt { get; init; }

    /// <summary>Reads and checks everything. <see cref="StartException"/> has all faults found.</summary>
    public static HostSettings Load(HostArguments arguments, IDictionary variables)
    {
        if (arguments.App is null)
        {
            throw new StartException("--app DIR is missing: the output folder of the app. 'dotnet run --project APP' gives it.");
        }

        List<string> faults = [];
        var app = Path.GetFullPath(arguments.App);
        var local = LocalSettings.Load(app, faults);
        var data = Path.GetFullPath(arguments.Data ?? ".localhost");
        var environment = local.Values.ToDictionary(
            pair => Variable(pair.Key), pair => (string?)pair.Value, StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in variables)
        {
            environment[(string)variable.Key] = (string?)variable.Value;
        }

        // What Core Tools assume too.
        environment.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        environment[DataSetting] = data;
        var settings = Configuration(environment);
        var storage = FindStorage(settings, environment, faults);
        var hostJson = HostJson.Load(app, settings, faults);
        new FunctionRules(hostJson.Beneath(settings), faults).Check(app, hostJson.Root);
        return faults.Count > 0 ? throw new StartException(faults) : new HostSettings
        {
            App = app,
            Data = data,
            Port = arguments.Port ?? local.Port ?? DefaultPort,
            Address = arguments.Address ?? IPAddress.Loopback,
            Engine = arguments.Engine,
            EnableAuth = arguments.EnableAuth,
            Environment = environment,
            HubPrefix = storage is null ? null : OwnHub.PrefixIn(hostJson.Root, environment),
            DevelopmentStorageAt = storage,
        };
    }

    /// <summary>Null where the app has another storage account, or none: an empty setting.</summary>
    private static AzuriteEndpoint? FindStorage(IConfiguration settings, Dictionary<string, string?> environment, List<string> faults)
    {
        if (settings.GetSection(Storage).Exists()
            && settings[Storage]?.TrimEnd(';').Equals(DevelopmentStorage, StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        environment[Storage] = DevelopmentStorage;
        if (settings[StoragePortSetting] is not { } text)
        {
            return AzuriteEndpoint.WellKnown;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > IPEndPoint.MaxPort - 2)
        {
            faults.Add($"setting {StoragePortSetting} is '{text}': it must be the first of three ports, such as 10000.");
            return null;
        }

        var endpoint = new AzuriteEndpoint(port, port + 1, port + 2);
        environment[Storage] = endpoint.ConnectionString(AzuriteEndpoint.Account);
        return endpoint;
    }

    /// <summary>Shells know no <c>:</c> in the name of a variable; .NET reads two underscores as one.</summary>
    private static string Variable(string name) => name.Replace(":", "__", StringComparison.Ordinal);

    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> environment) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                environment.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build();
}
