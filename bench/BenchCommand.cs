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
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web);

    private static readonly Dictionary<string, Func<BenchOptions, IAsyncEnumerable<Figure>>> Benchmarks = new(StringComparer.Ordinal)
    {
        ["group"] = EngineBenchmarks.GroupAsync,
        ["fanout"] = EngineBenchmarks.FanOutAsync,
        ["chain"] = EngineBenchmarks.ChainAsync,
        ["chains"] = EngineBenchmarks.ChainsAsync,
        ["history"] = EngineBenchmarks.HistoryAsync,
        ["start"] = StartAsync,
        ["import"] = ImportBenchmark.RunAsync,
        ["canvas-width"] = CanvasBenchmark.WidthAsync,
    };

    static BenchCommand()
    {
        foreach (string name in CanvasBenchmark.Names)
        {
            Benchmarks[name] = options => CanvasBenchmark.RunAsync(name, options);
        }
    }

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        List<string> names = [.. args];
        BenchOptions options = BenchOptions.Take(names);
        List<string> unknown = [.. names.Where(static name => !Benchmarks.ContainsKey(name))];
        if (unknown.Count > 0)
        {
            await errors.WriteLineAsync(
                $"Unknown: {string.Join(", ", unknown)}. There are: {string.Join(", ", Benchmarks.Keys)}; and {BenchOptions.Help}.");
            return 2;
        }

        foreach (string name in names.Count > 0 ? names : [.. Benchmarks.Keys])
        {
            await foreach (Figure figure in Benchmarks[name](options))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(figure with { Value = Math.Round(figure.Value, 4) }, Lines));
            }
        }

        return 0;
    }

    private static async IAsyncEnumerable<Figure> StartAsync(BenchOptions options)
    {
        string published = Directory.CreateTempSubdirectory("chard-bench-").FullName;
        await foreach (Figure figure in EngineBenchmarks.StartAsync(options, published))
        {
            yield return figure;
        }

        Directory.Delete(published, recursive: true);
    }
}
