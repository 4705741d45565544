using System.Diagnostics;
using System.Text.Json;

namespace Chard.Bench;

/// <summary>One measured value.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="N">Of how many.</param>
/// <param name="Value">The value: the median of the repetitions.</param>
/// <param name="Unit">Its unit.</param>
internal sealed record Figure(string Name, long N, double Value, string Unit);

/// <summary>The command line of the benchmarks.</summary>
internal static class BenchCommand
{
    private const string MemoryHistory = "--memory-history";
    private const string Memory = "memory";

    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web);

    private static readonly Dictionary<string, Func<bool, IAsyncEnumerable<Figure>>> Benchmarks = new(
        CanvasBenchmark.Names.Select(name => KeyValuePair.Create<string, Func<bool, IAsyncEnumerable<Figure>>>(name, inMemory => CanvasBenchmark.RunAsync(name, inMemory))),
        StringComparer.Ordinal)
    {
        ["group"] = EngineBenchmarks.GroupAsync,
        ["fanout"] = EngineBenchmarks.FanOutAsync,
        ["chain"] = EngineBenchmarks.ChainAsync,
        ["chains"] = EngineBenchmarks.ChainsAsync,
        [Memory] = EngineBenchmarks.MemoryAsync,
        ["history"] = EngineBenchmarks.HistoryAsync,
        ["import"] = ImportBenchmark.RunAsync,
        ["canvas-width"] = CanvasBenchmark.WidthAsync,
    };

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var inMemory = args.Contains(MemoryHistory);
        var names = args.Where(static arg => arg != MemoryHistory).ToList();
        var unknown = names.Where(static name => !Benchmarks.ContainsKey(name)).ToList();
        if (unknown.Count > 0)
        {
            await errors.WriteLineAsync($"Unknown: {string.Join(", ", unknown)}. There are: {string.Join(", ", Benchmarks.Keys)}; and {MemoryHistory}.");
            return 2;
        }

        names = names.Count > 0 ? names : [.. Benchmarks.Keys];
        foreach (var name in names)
        {
            if (name == Memory && names.Count > 1)
            {
                // A peak is the process's: the other figures must not be in it.
                await output.WriteLineAsync(await RunAloneAsync(name, inMemory));
                continue;
            }

            await foreach (var figure in Benchmarks[name](inMemory))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(figure with { Value = Math.Round(figure.Value, 4) }, Lines));
            }
        }

        return 0;
    }

    private static async Task<string> RunAloneAsync(string name, bool inMemory)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, inMemory ? [name, MemoryHistory] : [name]) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? line.Trim() : throw new InvalidOperationException($"The benchmark '{name}' ended with {process.ExitCode}.");
    }
}
