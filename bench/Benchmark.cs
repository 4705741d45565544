namespace Chard.Bench;

/// <summary>What can be asked for by name.</summary>
/// <param name="Name">The name, with which those of its figures begin.</param>
/// <param name="N">Of how many, unless the caller says otherwise.</param>
/// <param name="RunAsync">Measures.</param>
internal sealed record Benchmark(string Name, int N, Func<BenchOptions, int, IAsyncEnumerable<Figure>> RunAsync);
