using System.Collections;
using System.Net;
using Chard.LocalHost.Durable;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Options;

/// <summary>What arguments, files and environment say together.</summary>
internal sealed record HostSettings
{
    /// <summary>Given to the app: the folder in which it may keep files of its own that outlive it.</summary>
    public const string DataSetting = "LOCALHOST_DATA";

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

    /// <summary>The app's storage is the emulator's, which this host starts where nobody has.</summary>
    public required bool UsesDevelopmentStorage { get; init; }

    /// <summary>Reads and checks everything. <see cref="StartException"/> has all faults found.</summary>
    public static HostSettings Load(HostArguments arguments)
    {
        if (arguments.App is null)
        {
            throw new StartException("--app DIR is missing: the output folder of the app. 'dotnet run --project APP' gives it.");
        }

        List<string> faults = [];
        var app = Path.GetFullPath(arguments.App);
        var local = LocalSettings.Load(app, faults);
        var data = Path.GetFullPath(arguments.Data ?? ".localhost");
        var environment = local.Values.ToDictionary(pair => Variable(pair.Key), pair => (string?)pair.Value, StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value;
        }

        // What Core Tools assume too.
        environment.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        environment[DataSetting] = data;
        var settings = Configuration(environment);
        if (!settings.GetSection(Storage).Exists())
        {
            environment[Storage] = DevelopmentStorage;
        }

        var hostJson = HostJson.Load(app, settings, faults);
        new FunctionRules(settings, faults).Check(app, hostJson.Root);
        return faults.Count > 0 ? throw new StartException(faults) : new HostSettings
        {
            App = app,
            Data = data,
            Port = arguments.Port ?? local.Port ?? DefaultPort,
            Address = arguments.Address ?? IPAddress.Loopback,
            Engine = arguments.Engine,
            EnableAuth = arguments.EnableAuth,
            Environment = environment,
            UsesDevelopmentStorage = environment.GetValueOrDefault(Storage)?.TrimEnd(';').Equals(DevelopmentStorage, StringComparison.OrdinalIgnoreCase) == true,
        };
    }

    /// <summary>Shells know no <c>:</c> in the name of a variable; .NET reads two underscores as one.</summary>
    private static string Variable(string name) => name.Replace(":", "__", StringComparison.Ordinal);

    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> environment) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build();
}
