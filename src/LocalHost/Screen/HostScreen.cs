using System.Diagnostics;
using System.Globalization;
using Chard.LocalHost.Functions;
using Chard.LocalHost.Options;

namespace Chard.LocalHost.Screen;

/// <summary>What a person reads: what goes on, what there is to call, and what went wrong.</summary>
internal sealed class HostScreen(TextWriter output, TextWriter errors)
{
    private IReadOnlyDictionary<string, TriggerKind> kinds = new Dictionary<string, TriggerKind>();
    private string waiting = string.Empty;

    public void Help() => output.Write(HostArguments.HelpText);

    public void Starting(HostSettings settings) => output.WriteLine($"Starting {settings.App}, data in {settings.Data}");

    /// <summary>The functions, and at last that all is ready and what to try.</summary>
    public void Ready(HostSettings settings, FunctionsHost host)
    {
        kinds = host.Functions.ToDictionary(function => function.Name, function => function.Kind);
        FunctionListing.Print(output, host.Functions, Console.IsOutputRedirected ? 140 : Math.Clamp(Console.WindowWidth - 1, 80, 140));
        using var process = Process.GetCurrentProcess();
        var seconds = (DateTime.Now - process.StartTime).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var simplest = host.Functions
            .Where(function => !function.IsDisabled && function.Url is not null && !function.Url.Contains('{', StringComparison.Ordinal))
            .Where(function => function.Methods.Count == 0 || function.Methods.Contains("GET"))
            .MinBy(function => function.Url!.Length);

        // One function that answers every path below its own serves a site, most likely.
        const string AnyPath = "/{*path}";
        var site = host.Functions.FirstOrDefault(function => !function.IsDisabled && function.Methods.Contains("GET")
            && function.Url?.EndsWith(AnyPath, StringComparison.Ordinal) == true)?.Url![..^AnyPath.Length];
        var keys = settings.EnableAuth ? $" Keys are in {Path.Combine(settings.Data, "keys.json")}." : string.Empty;
        output.WriteLine(
            $"\nReady after {seconds} s on {host.Address}, Ctrl-C stops "
                + $"it.{keys}{(simplest is null ? string.Empty : $" Try: curl {simplest.Url}")}"
                + (site is null ? string.Empty : $"\nIn a browser: {site}"));
    }

    /// <summary>Asked to stop: says what is waited for, whenever that has changed.</summary>
    public void WaitsFor(IReadOnlyDictionary<string, int> running)
    {
        var parts = running
            .GroupBy(pair => kinds.GetValueOrDefault(pair.Key), pair => pair.Value)
            .Select(group => (Kind: group.Key, Count: group.Sum()))
            .Where(part => part.Count > 0)
            .OrderBy(part => part.Kind)
            .Select(part => $"{part.Count} {Noun(part.Kind, part.Count)}");
        var text = string.Join(", ", parts);
        if (text.Length > 0 && text != waiting)
        {
            output.WriteLine($"Stopping, waits for {text}; Ctrl-C again ends it at once");
            waiting = text;
        }
    }

    public void Stopped() => output.WriteLine("Stopped");

    public void Faults(StartException error)
    {
        foreach (var fault in error.Faults)
        {
            errors.WriteLine(fault);
        }
    }

    private static string Noun(TriggerKind kind, int count) => (kind, count) switch
    {
        (TriggerKind.Http, 1) => "request",
        (TriggerKind.Http, _) => "requests",
        (TriggerKind.Queue, 1) => "message",
        (TriggerKind.Queue, _) => "messages",
        (TriggerKind.Timer, 1) => "timer",
        (TriggerKind.Timer, _) => "timers",
        (TriggerKind.Orchestration, 1) => "orchestrator's turn",
        (TriggerKind.Orchestration, _) => "orchestrators' turns",
        (TriggerKind.Entity, 1) => "entity's turn",
        (TriggerKind.Entity, _) => "entities' turns",
        (_, 1) => "activity",
        _ => "activities",
    };
}
