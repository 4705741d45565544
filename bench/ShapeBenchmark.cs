using System.Diagnostics;
using Chard.LocalHost.Durable;
using Chard.Testing;

namespace Chard.Bench;

/// <summary>
/// What a shape takes. In a first run time, memory, and processor time of host, worker and Azurite; in a second one, on another host,
/// the storage requests of all of them, counted by a proxy before Azurite, and of the SQLite engine what the history holds.
/// </summary>
internal static class ShapeBenchmark
{
    private const int Repetitions = 5;

    /// <summary>
    /// Runs before it counts, at least, unless they take longer than <see cref="Patience"/>: on a busy machine little is compiled in a
    /// while.
    /// </summary>
    private const int WarmUps = 5;

    /// <summary>No repetition begins after it, so that what is slow runs once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What runs one at a time is compiled late: the compiler waits for a pause.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    /// <summary>The benchmark of a shape.</summary>
    public static Benchmark Of(Shape shape) => new(shape.Name, shape.N, (options, n) => RunAsync(shape, options, n));

    /// <summary>Processor time of each process for one of what was run.</summary>
    public static IEnumerable<Figure> CpuOf(string name, int n, string of, IReadOnlyList<Meter> runs)
    {
        CpuTimes all = runs.Aggregate(CpuTimes.None, (sum, run) => sum + run.Cpu);
        double count = (double)n * runs.Count;
        yield return new Figure($"{name}.cpu.host", n, all.Host.TotalMilliseconds / count, $"ms/{of}");
        yield return new Figure($"{name}.cpu.worker", n, all.Worker.TotalMilliseconds / count, $"ms/{of}");
        yield return new Figure($"{name}.cpu.azurite", n, all.Azurite.TotalMilliseconds / count, $"ms/{of}");
    }

    /// <summary>Runs something until code is compiled for good.</summary>
    public static async Task WarmUpAsync(Func<Task> run)
    {
        long since = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(since) < (i < WarmUps ? Patience : WarmUp); i++)
        {
            await run();
        }
    }

    /// <summary>Runs something as often as it is asked to and as there is time for, once at least.</summary>
    public static async Task<T[]> RepeatAsync<T>(int repetitions, Func<Task<T>> run)
    {
        var results = new List<T>();
        for (long since = Stopwatch.GetTimestamp();
            results.Count < repetitions && (results.Count == 0 || Stopwatch.GetElapsedTime(since) < Patience);)
        {
            results.Add(await run());
        }

        return [.. results];
    }

    private static async IAsyncEnumerable<Figure> RunAsync(Shape shape, BenchOptions options, int n)
    {
        if (!options.RequestsOnly)
        {
            await foreach (Figure figure in TimeAsync(shape, options, n))
            {
                yield return figure;
            }
        }

        await foreach (Figure figure in CountAsync(shape, options, n))
        {
            yield return figure;
        }
    }

    private static async IAsyncEnumerable<Figure> TimeAsync(Shape shape, BenchOptions options, int n)
    {
        await using BenchHost host = await BenchHost.StartAsync(shape.App, options, needsStorage: shape.App == Shapes.App);
        await WarmUpAsync(() => shape.RunAsync(host, n, new Meter(host)));
        Meter[] runs = await RepeatAsync(Repetitions, async () =>
        {
            var run = new Meter(host);
            await shape.RunAsync(host, n, run);
            return run;
        });

        double[] each = [.. runs.SelectMany(r => r.Each).Order()];
        if (each.Length > 0)
        {
            yield return new Figure(shape.Name + ".p50", each.Length, each[each.Length / 2] * 1000, "ms");
            yield return new Figure(shape.Name + ".p99", each.Length, each[each.Length * 99 / 100] * 1000, "ms");
        }
        else
        {
            double seconds = runs.Select(r => r.Took.TotalSeconds).Order().ElementAt(runs.Length / 2);
            yield return new Figure(shape.Name, n, n / seconds, $"{shape.Of}s/s");
            yield return new Figure(shape.Name + ".seconds", n, seconds, "s");
        }

        yield return new Figure(shape.Name + ".peak", n, host.PeakMegabytes, "MB");
        foreach (Figure figure in CpuOf(shape.Name, n, shape.Of, runs))
        {
            yield return figure;
        }
    }

    private static async IAsyncEnumerable<Figure> CountAsync(Shape shape, BenchOptions options, int n)
    {
        using StorageAccount account = await StorageAccount.OpenAsync();
        await using BenchHost host = await BenchHost.StartAsync(shape.App, options, account);
        bool sqlite = options.Engine == DurableEngine.Sqlite;
        await shape.RunAsync(host, TenthOf(n), new Meter(host));
        (long events, long bytes, _) = sqlite ? host.History() : default;
        var run = new Meter(host, account);
        await shape.RunAsync(host, n, run);
        foreach (Figure figure in StorageCost.Of(shape.Name, n, shape.Of, run, options))
        {
            yield return figure;
        }

        if (sqlite)
        {
            (long eventsAfter, long bytesAfter, long longest) = host.History();
            yield return new Figure(shape.Name + ".history.events", n, (eventsAfter - events) / (double)n, $"events/{shape.Of}");
            yield return new Figure(shape.Name + ".history.bytes", n, (bytesAfter - bytes) / (double)n, $"bytes/{shape.Of}");
            yield return new Figure(shape.Name + ".history.longest", n, longest, "events");
        }
    }

    private static int TenthOf(int n) => Math.Max(1, n / 10);
}
