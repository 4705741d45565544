using System.Diagnostics;

namespace Chard.Bench;

/// <summary>What one task costs at growing widths, and its share in that at the smallest: 1 is what does not grow.</summary>
internal static class GrowthBenchmark
{
    private static readonly (int Width, int Repetitions)[] Widths = [(1_000, 9), (10_000, 5), (100_000, 3)];

    /// <summary>Groups; 100,000 tasks are ten groups of 10,000 at once, for a canvas has no more written out.</summary>
    public static IAsyncEnumerable<Figure> GroupsAsync(BenchOptions options, int widest) => RunAsync(
        "growth", Shapes.App, options, widest, (host, width) => TimeAsync(
            () => Task.WhenAll(Enumerable.Range(0, Math.Max(1, width / 10_000))
                .Select(_ => new AppClient(host.Client).RunAsync(Shapes.Group(Math.Min(width, 10_000)))))));

    /// <summary>Maps.</summary>
    public static IAsyncEnumerable<Figure> MapsAsync(BenchOptions options, int widest) => RunAsync(
        "growth.map", Shapes.App, options, widest,
        (host, width) => TimeAsync(() => new AppClient(host.Client).RunAsync(Shapes.Map(width))));

    /// <summary>Runs an app at each width up to the widest.</summary>
    public static async IAsyncEnumerable<Figure> RunAsync(
        string name, string app, BenchOptions options, int widest, Func<BenchHost, int, Task<TimeSpan>> run)
    {
        await using BenchHost host = await BenchHost.StartAsync(app, options, needsStorage: app == Shapes.App);
        double first = 0;
        foreach ((int width, int repetitions) in Widths.Where(w => w.Width <= widest))
        {
            if (first == 0)
            {
                await ShapeBenchmark.WarmUpAsync(() => run(host, width));
            }

            double[] times = await ShapeBenchmark.RepeatAsync(repetitions, async () => (await run(host, width)).TotalMilliseconds / width);
            double median = times.Order().ElementAt(times.Length / 2);
            first = first == 0 ? median : first;
            yield return new Figure(name, width, median, "ms/task");
            yield return new Figure($"{name}.ratio", width, median / first, $"of that at {Widths[0].Width:N0}");
        }

        yield return new Figure($"{name}.peak", widest, host.PeakMegabytes, "MB");
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        long since = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(since);
    }
}
