using System.Globalization;
using System.Net;

namespace Chard.Emulator.Functions.Settings;

/// <summary>The host's own command-line arguments; the rest goes to the app's configuration.</summary>
internal sealed record HostArguments(int? Port, IPAddress? Address, string? Data, bool EnableAuth, string[] Rest)
{
    /// <summary>Reads <c>--port N</c> (or <c>-p N</c>), <c>--address IP</c>, <c>--data PATH</c> and <c>--enableAuth</c>, also as <c>--name=value</c>.</summary>
    public static HostArguments Parse(IReadOnlyList<string> args, List<string> faults)
    {
        int? port = null;
        IPAddress? address = null;
        string? data = null;
        var auth = false;
        var rest = new List<string>();
        for (var index = 0; index < args.Count; index++)
        {
            var (name, value) = Split(args[index]);
            switch (name.ToLowerInvariant())
            {
                case "--port" or "-p":
                    value ??= Next(args, ref index);
                    if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= IPEndPoint.MaxPort)
                    {
                        port = number;
                    }
                    else
                    {
                        faults.Add($"{name} '{value}' is not a port: give a number from 0 (any free port) to {IPEndPoint.MaxPort}.");
                    }

                    break;
                case "--address":
                    value ??= Next(args, ref index);
                    if (!IPAddress.TryParse(value, out address))
                    {
                        faults.Add($"--address '{value}' is not an IP address: give one such as 0.0.0.0.");
                    }

                    break;
                case "--data":
                    data = value ?? Next(args, ref index);
                    if (string.IsNullOrWhiteSpace(data))
                    {
                        faults.Add("--data needs the path of a folder.");
                        data = null;
                    }

                    break;
                case "--enableauth":
                    auth = value is null || bool.Parse(value);
                    break;
                default:
                    rest.Add(args[index]);
                    break;
            }
        }

        return new HostArguments(port, address, data, auth, [.. rest]);
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (argument[..equals], argument[(equals + 1)..]) : (argument, null);
    }

    private static string? Next(IReadOnlyList<string> args, ref int index) => index + 1 < args.Count ? args[++index] : null;
}
