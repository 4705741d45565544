using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Chard.LocalHost.Http;

/// <summary>
/// The keys that callers show. Made at the first start and kept in <c>keys.json</c> in the data folder, which only its owner may read.
/// </summary>
public sealed class FunctionKeys
{
    private const string FileName = "keys.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Opens everything.</summary>
    public string Master { get; init; } = NewKey();

    /// <summary>Opens every function of level <c>Function</c>.</summary>
    public string Host { get; init; } = NewKey();

    /// <summary>Opens the durable management API.</summary>
    public string Durable { get; init; } = NewKey();

    /// <summary>Keys that open one function each, by its name.</summary>
    public IDictionary<string, string> Functions { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    internal static FunctionKeys Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            var made = new FunctionKeys();
            made.Save(folder);
            return made;
        }

        var kept = JsonSerializer.Deserialize<FunctionKeys>(File.ReadAllText(path), Json)
            ?? throw new StartException($"{path} holds no keys: delete it, and new ones are made.");
        return new FunctionKeys
        {
            Master = kept.Master,
            Host = kept.Host,
            Durable = kept.Durable,
            Functions = new Dictionary<string, string>(kept.Functions, StringComparer.OrdinalIgnoreCase),
        };
    }

    internal void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(Path.Combine(folder, FileName), options);
        JsonSerializer.Serialize(file, this, Json);
    }

    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
