using System.Net;
using Microsoft.Extensions.Configuration;

namespace Chard.Emulator.Functions.Settings;

/// <summary>What the host was told by its arguments, its environment and its files.</summary>
internal sealed class HostSettings
{
    public const int DefaultPort = 7071;

    /// <summary>0: any free one.</summary>
    public required int Port { get; init; }

    public required IPAddress? Address { get; init; }

    /// <summary>Where history, timers' memory and Azurite's data are kept.</summary>
    public required string DataFolder { get; init; }

    public required bool EnableAuth { get; init; }

    /// <summary>False in a test host: nothing goes to the console, no process-wide state is touched.</summary>
    public required bool IsProcess { get; init; }

    public required HostJson HostJson { get; init; }

    /// <summary>Faults found while the settings were read. They are reported together with those of the functions.</summary>
    public required List<string> Faults { get; init; }
}

/// <summary>Replaces <c>%NAME%</c> in attribute values by settings, as the Functions host does.</summary>
internal static class NameResolver
{
    /// <summary>Null, and a fault, where a setting is missing.</summary>
    public static string? Resolve(string text, IConfiguration configuration, List<string> faults, string place)
    {
        var start = text.IndexOf('%', StringComparison.Ordinal);
        while (start >= 0)
        {
            var end = text.IndexOf('%', start + 1);
            if (end < 0)
            {
                return text;
            }

            var name = text[(start + 1)..end];
            var value = configuration[name.Replace("__", ":", StringComparison.Ordinal)];
            if (value is null)
            {
                faults.Add($"{place}: '%{name}%' names no setting. Add {name} to local.settings.json or to the environment.");
                return null;
            }

            text = string.Concat(text.AsSpan(0, start), value, text.AsSpan(end + 1));
            start = text.IndexOf('%', start + value.Length);
        }

        return text;
    }
}
