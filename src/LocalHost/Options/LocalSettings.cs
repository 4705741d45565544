using System.Text.Json;

namespace Chard.LocalHost.Options;

/// <summary>local.settings.json: settings of a development machine. The environment beats them, as with the Core Tools.</summary>
internal sealed class LocalSettings
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly string path;
    private readonly List<string> faults;

    private LocalSettings(string path, List<string> faults)
    {
        this.path = path;
        this.faults = faults;
    }

    /// <summary>Names as they stand in the file, those of ConnectionStrings with <c>ConnectionStrings:</c> before them.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    public int? Port { get; private set; }

    /// <summary>Reads the file of the app; without one there are no settings.</summary>
    public static LocalSettings Load(string app, List<string> faults)
    {
        var settings = new LocalSettings(Path.Combine(app, "local.settings.json"), faults);
        if (!File.Exists(settings.path))
        {
            return settings;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(settings.path), Lenient);
            settings.Read(document.RootElement);
        }
        catch (JsonException error)
        {
            faults.Add(JsonFault.Describe(settings.path, error));
        }

        return settings;
    }

    private void Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Fault("it must be an object with an object \"Values\"");
            return;
        }

        if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
        {
            Fault("it is encrypted (IsEncrypted is true), which only the Core Tools can read: decrypt it with 'func settings decrypt'");
            return;
        }

        Add(root, "Values", string.Empty);
        Add(root, "ConnectionStrings", "ConnectionStrings:");
        if (root.TryGetProperty("Host", out var host)
            && host.ValueKind == JsonValueKind.Object
            && host.TryGetProperty("LocalHttpPort", out var given))
        {
            if (given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var port) && port is >= 0 and <= 65535)
            {
                Port = port;
            }
            else
            {
                Fault($"Host.LocalHttpPort is {given.GetRawText()}: it must be a port, a number from 0 (any free one) to 65535");
            }
        }
    }

    private void Add(JsonElement root, string section, string prefix)
    {
        if (!root.TryGetProperty(section, out var all))
        {
            return;
        }

        if (all.ValueKind != JsonValueKind.Object)
        {
            Fault($"{section} must be an object of names and texts");
            return;
        }

        foreach (var property in all.EnumerateObject())
        {
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.String:
                    values[prefix + property.Name] = property.Value.GetString()!;
                    break;
                case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                    values[prefix + property.Name] = property.Value.GetRawText();
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    Fault(
                        $"{section}.{property.Name} is an {property.Value.ValueKind}: settings are flat, write "
                            + $"\"{property.Name}:Inner\" for a nested one");
                    break;
            }
        }
    }

    private void Fault(string text) => faults.Add($"{path}: {text}.");
}
