using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Options;

/// <summary>
/// A task hub of the data folder's own. The apps of a user share one development storage, and some are copies of one app with
/// histories of their own: under one hub each would take the other's tables and queues for its own.
/// </summary>
internal static partial class OwnHub
{
    /// <summary>Tells extension and app the hub, instead of host.json.</summary>
    public const string Variable = $"{HostJson.Prefix}__extensions__durableTask__hubName";

    private const string FileName = "hub";

    /// <summary>What the extension takes where host.json names none.</summary>
    private const string Default = "TestHubName";

    /// <summary>The extension takes 45 characters, and apps make longer names of their own from it.</summary>
    private const int LongestPrefix = 32;

    /// <summary>
    /// What to name the hub after; null where it is named for this run already, by the variable or by a
    /// setting that host.json refers to.
    /// </summary>
    public static string? PrefixIn(IConfiguration hostJson, IReadOnlyDictionary<string, string?> environment)
    {
        var name = hostJson["extensions:durableTask:hubName"] ?? Default;
        return environment.ContainsKey(Variable) || name.Contains('%', StringComparison.Ordinal)
            ? null
            : name[..Math.Min(name.Length, LongestPrefix)];
    }

    /// <summary>The hub of a data folder, the same at each run. A copy of the folder has the same one, an empty folder a new one.</summary>
    public static string Of(string dataFolder, string prefix)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is var known && Mark().IsMatch(known))
        {
            return prefix + known;
        }

        Directory.CreateDirectory(dataFolder);
        var mark = RandomNumberGenerator.GetHexString(8, lowercase: true);
        File.WriteAllText(path + ".new", mark);
        File.Move(path + ".new", path, overwrite: true);
        return prefix + mark;
    }

    [GeneratedRegex("^[0-9a-f]{8}$")]
    private static partial Regex Mark();
}
