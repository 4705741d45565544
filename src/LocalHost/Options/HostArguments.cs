using System.Globalization;
using System.Net;
using Chard.LocalHost.Durable;

namespace Chard.LocalHost.Options;

/// <summary>
/// What the command line says. Of an option given twice the last counts: the build gives some, and what
/// comes after <c>--</c> follows them.
/// </summary>
internal sealed record HostArguments
{
    private static readonly Option[] Known =
    [
        new(
            "--port", "-p", "N", "where it listens; 0 is any free port. Default: Host.LocalHttpPort of local.settings.json, else 7071",
            ReadPort),
        new("--address", null, "IP", "the address it listens on; 0.0.0.0 for all. Default: this machine only", ReadAddress),
        new("--data", null, "DIR", "where history and Azurite's data are kept", (arguments, value) => arguments with { Data = value }),
        new(
            "--engine", null, "NAME",
            "sqlite (default): history in the data folder. azure: history in storage, by the provider of the cloud", ReadEngine),
        new("--enableAuth", null, null, "asks for function keys", (arguments, _) => arguments with { EnableAuth = true }),
        new(
            "--app", null, "DIR", "the output folder of the app; dotnet run gives it",
            (arguments, value) => arguments with { App = value }),
        new("--help", "-h", null, "says this", (arguments, _) => arguments with { Help = true }),
    ];

    /// <summary>The folder with the app's worker.config.json, functions.metadata and host.json.</summary>
    public string? App { get; init; }

    public int? Port { get; init; }

    /// <summary>Null: the loopback addresses.</summary>
    public IPAddress? Address { get; init; }

    public string? Data { get; init; }

    public DurableEngine Engine { get; init; }

    public bool EnableAuth { get; init; }

    public bool Help { get; init; }

    public static string HelpText { get; } = string.Concat(
        [
            "Runs an isolated Azure Functions app on this machine.\n\n  dotnet run --project APP [-- OPTIONS]\n\n",
            .. Known.Select(option => $"  {option.Usage,-20} {option.Text}\n"),
        ]);

    /// <summary>
    /// Reads <c>--name value</c> and <c>--name=value</c>. <see cref="StartException"/> has a sentence for each that cannot be used.
    /// </summary>
    public static HostArguments Parse(IReadOnlyList<string> args)
    {
        var arguments = new HostArguments();
        List<string> faults = [];
        for (var index = 0; index < args.Count; index++)
        {
            var equals = args[index].IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? args[index][..equals] : args[index];
            if (Known.FirstOrDefault(option => option.Is(name)) is not { } option)
            {
                faults.Add($"'{name}' is no option{Nearest.Hint(name, Known.Select(option => option.Name))} --help lists them.");
                continue;
            }

            var value = equals > 0 ? args[index][(equals + 1)..] : null;
            if (option.Value is null == value is null)
            {
                arguments = Apply(arguments, option, value ?? string.Empty, faults);
            }
            else if (value is not null)
            {
                faults.Add($"{option.Name} takes no value: it has '{value}'.");
            }
            else if (index + 1 < args.Count && !args[index + 1].StartsWith('-'))
            {
                arguments = Apply(arguments, option, args[++index], faults);
            }
            else
            {
                faults.Add($"{option.Name} needs a value: {option.Name} {option.Value}.");
            }
        }

        return faults.Count == 0 ? arguments : throw new StartException(faults);
    }

    private static HostArguments Apply(HostArguments arguments, Option option, string value, List<string> faults)
    {
        try
        {
            return option.Read(arguments, value);
        }
        catch (FormatException error)
        {
            faults.Add($"{option.Name} '{value}' {error.Message}");
            return arguments;
        }
    }

    private static HostArguments ReadPort(HostArguments arguments, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? arguments with { Port = port }
            : throw new FormatException($"is not a port: give a number from 0 (any free port) to {IPEndPoint.MaxPort}.");

    private static HostArguments ReadAddress(HostArguments arguments, string value)
    {
        if (value.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return arguments with { Address = null };
        }

        return IPAddress.TryParse(value, out var address)
            ? arguments with { Address = address }
            : throw new FormatException("is not an IP address: give one such as 0.0.0.0 (all addresses) or 127.0.0.1.");
    }

    private static HostArguments ReadEngine(HostArguments arguments, string value) => value.ToLowerInvariant() switch
    {
        "sqlite" => arguments with { Engine = DurableEngine.Sqlite },
        "azure" => arguments with { Engine = DurableEngine.AzureStorage },
        _ => throw new FormatException("is no engine: give sqlite or azure."),
    };

    private sealed record Option(string Name, string? Short, string? Value, string Text, Func<HostArguments, string, HostArguments> Read)
    {
        public string Usage => $"{Name}{(Short is null ? string.Empty : $", {Short}")}{(Value is null ? string.Empty : $" {Value}")}";

        public bool Is(string name) => name.Equals(Name, StringComparison.OrdinalIgnoreCase)
            || name.Equals(Short, StringComparison.OrdinalIgnoreCase);
    }
}
