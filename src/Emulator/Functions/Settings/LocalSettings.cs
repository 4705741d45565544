using System.Text.Json;

namespace Chard.Emulator.Functions.Settings;

/// <summary>local.settings.json: settings of a development machine. The environment beats them, as with the Core Tools.</summary>
internal sealed record LocalSettings(IReadOnlyDictionary<string, string> Values, int? Port)
{
    public static readonly LocalSettings None = new(new Dictionary<string, string>(), null);

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static LocalSettings Load(string path, List<string> faults)
    {
        if (!File.Exists(path))
        {
            return None;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return Read(document.RootElement, faults);
        }
        catch (JsonException error)
        {
            faults.Add($"local.settings.json is not valid JSON: {error.Message}");
            return None;
        }
    }

    private static LocalSettings Read(JsonElement root, List<string> faults)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            faults.Add("local.settings.json must be an object with a \"Values\" object.");
            return None;
        }

        if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
        {
            faults.Add("local.settings.json is encrypted (IsEncrypted is true), which only the Core Tools can read: decrypt it with 'func settings decrypt'.");
            return None;
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Add(root, "Values", string.Empty, values, faults);
        Add(root, "ConnectionStrings", "ConnectionStrings:", values, faults);
        int? port = null;
        if (root.TryGetProperty("Host", out var host) && host.ValueKind == JsonValueKind.Object && host.TryGetProperty("LocalHttpPort", out var given))
        {
            if (given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) && number is >= 0 and <= 65535)
            {
                port = number;
            }
            else
            {
                faults.Add($"local.settings.json: Host.LocalHttpPort is {given.GetRawText()}, not a port.");
            }
        }

        return new LocalSettings(values, port);
    }

    private static void Add(JsonElement root, string section, string prefix, Dictionary<string, string> values, List<string> faults)
    {
        if (!root.TryGetProperty(section, out var all))
        {
            return;
        }

        if (all.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"local.settings.json: {section} must be an object of names and texts.");
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
                default:
                    faults.Add($"local.settings.json: {section}.{property.Name} is {property.Value.ValueKind}; settings are flat, write \"{property.Name}:Inner\" for a nested one.");
                    break;
            }
        }
    }
}
