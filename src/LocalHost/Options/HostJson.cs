using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Chard.LocalHost.Options;

/// <summary>host.json of an app, with what overrides it. What the host could not use is a fault that says where it stands.</summary>
internal sealed class HostJson
{
    /// <summary>
    /// Settings of this prefix override the file, as on Azure: <c>AzureFunctionsJobHost__extensions__queues__batchSize</c>.
    /// </summary>
    public const string Prefix = "AzureFunctionsJobHost";

    private readonly IConfigurationRoot root;
    private readonly List<string> faults;

    private HostJson(string path, IConfigurationRoot root, List<string> faults)
    {
        Path = path;
        this.root = root;
        this.faults = faults;
    }

    public string Path { get; }

    public IConfiguration Root => root;

    /// <summary>Reads and checks the file. Settings are those of the app, with <c>:</c> between the parts of a name.</summary>
    public static HostJson Load(string app, IConfiguration settings, List<string> faults)
    {
        var path = System.IO.Path.Combine(app, "host.json");
        var builder = new ConfigurationBuilder();
        if (!File.Exists(path))
        {
            faults.Add(
                $"{path} is missing: add a host.json to the project, at least {{\"version\": \"2.0\"}}, and copy it to the output folder.");
            return new HostJson(path, builder.Build(), faults);
        }

        try
        {
            builder.AddJsonFile(path, optional: false, reloadOnChange: false);
            builder.AddInMemoryCollection(
                settings.GetSection(Prefix).AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null));
            var json = new HostJson(path, builder.Build(), faults);
            new HostJsonRules(json).Check();
            return json;
        }
        catch (InvalidDataException error)
        {
            faults.Add(JsonFault.Describe(path, error));
            return new HostJson(path, new ConfigurationBuilder().Build(), faults);
        }
    }

    /// <summary>All that <c>%NAME%</c> in a binding may name: the settings, and what host.json says, under <see cref="Prefix"/>.</summary>
    public IConfiguration Beneath(IConfiguration settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(root.AsEnumerable().Select(pair => KeyValuePair.Create($"{Prefix}:{pair.Key}", pair.Value)))
        .AddConfiguration(settings)
        .Build();

    /// <summary>Adds a fault about a value or key: file (or overriding setting), key with its value, and what to do.</summary>
    public void Fault(IConfigurationSection section, string text)
    {
        var value = section.Value is { } given ? $" is '{given}'" : string.Empty;
        var isOverride = root.Providers.Any(provider => provider is not JsonConfigurationProvider && provider.TryGet(section.Path, out _));
        faults.Add(isOverride
            ? $"setting {Prefix}__{section.Path.Replace(":", "__", StringComparison.Ordinal)}{value}: {text}."
            : $"{Path}: {section.Path.Replace(':', '.')}{value}: {text}.");
    }
}
