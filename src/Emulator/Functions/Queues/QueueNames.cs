using System.Text.RegularExpressions;
using Chard.Emulator.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace Chard.Emulator.Functions.Queues;

/// <summary>Names of storage queues.</summary>
internal static partial class QueueNames
{
    public const string PoisonSuffix = "-poison";

    public static void Check(string name, IConfiguration configuration, List<string> faults)
    {
        if (Resolve(name, configuration, faults) is { } resolved && !Valid().IsMatch(resolved))
        {
            faults.Add($"'{resolved}' is no queue name: 3 to 63 lower-case letters, digits and single '-', a letter or digit at both ends");
        }
    }

    public static string? Resolve(string name, IConfiguration configuration, List<string> faults) =>
        NameResolver.Resolve(name, configuration, faults, "the queue's name");

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Valid();
}
