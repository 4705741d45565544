using System.Globalization;
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

    private static readonly Dictionary<string, Benchmark> Benchmarks = All().ToDictionary(b => b.Name, StringComparer.Ordinal);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        List<string> names = [.. args];
        BenchOptions options = BenchOptions.Take(names);
        var chosen = new List<(Benchmark Benchmark, int N)>();
        foreach (string name in names)
        {
            if (Find(name) is not { } found)
            {
                await errors.WriteLineAsync(
                    $"Unknown: {name}. There are: {string.Join(", ", Benchmarks.Keys)}, each also as NAME=N; and {BenchOptions.Help}.");
                return 2;
            }

            chosen.Add(found);
        }

        foreach ((Benchmark benchmark, int n) in chosen.Count > 0 ? chosen : [.. Benchmarks.Values.Select(b => (b, b.N))])
        {
            await foreach (Figure figure in benchmark.RunAsync(options, n))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(figure with { Value = Math.Round(figure.Value, 4) }, Lines));
            }
        }

        return 0;
    }

    private static IEnumerable<Benchmark> All() =>
    [
        .. Shapes.OfTheApp.Select(ShapeBenchmark.Of),
        new("idle", 40, IdleBenchmark.RunAsync),
        new("growth", 100_000, GrowthBenchmark.GroupsAsync),
        new("growth.map", 100_000, GrowthBenchmark.MapsAsync),
        new("import", 1_000, ImportBenchmark.RunAsync),
        .. Shapes.OfPlainDurable.Select(ShapeBenchmark.Of),
        new("plain.growth", 100_000, PlainBenchmarks.GrowthAsync),
        new("plain.history", 10_000, PlainBenchmarks.HistoryAsync),
        new("start", 5, PlainBenchmarks.StartAsync),
    ];

    private static (Benchmark Benchmark, int N)? Find(string text)
    {
        string[] parts = text.Split('=');
        return Benchmarks.TryGetValue(parts[0], out Benchmark? benchmark)
            ? parts switch
            {
                [_] => (benchmark, benchmark.N),
                [_, var n] when int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given > 0 =>
                    (benchmark, given),
                _ => null,
            }
            : null;
    }
}
