using System.Diagnostics;

namespace Chard.Bench;

/// <summary>The engine's figures. Each is a median of runs on a warm engine, so that the compiler's work is not measured.</summary>
internal static class EngineBenchmarks
{
    private const int Repetitions = 5;

    /// <summary>Tasks a second of one orchestration that starts ten thousand activities at once.</summary>
    public static async IAsyncEnumerable<Figure> GroupAsync(bool inMemory)
    {
        const int Width = 10_000;
        await using var engine = await BenchEngine.StartAsync(inMemory);
        await WarmUpAsync(engine, "Group", Width);
        var seconds = await MedianAsync(Repetitions, async () => (await engine.TimeAsync("Group", Width)).TotalSeconds);
        yield return new Figure("group", Width, Width / seconds, "tasks/s");
    }

    /// <summary>Cost of a task at growing widths, through sub-orchestrations.</summary>
    public static async IAsyncEnumerable<Figure> FanOutAsync(bool inMemory)
    {
        await using var engine = await BenchEngine.StartAsync(inMemory);
        await WarmUpAsync(engine, "Fan", 20_000);
        foreach (var (width, repetitions) in new[] { (1_000, 51), (10_000, 15), (100_000, Repetitions) })
        {
            var milliseconds = await MedianAsync(repetitions, async () => (await engine.TimeAsync("Fan", width)).TotalMilliseconds);
            yield return new Figure("fanout", width, milliseconds / width, "ms/task");
        }
    }

    /// <summary>Latency of a chain of three, one after another.</summary>
    public static async IAsyncEnumerable<Figure> ChainAsync(bool inMemory)
    {
        const int Chains = 200;
        await using var engine = await BenchEngine.StartAsync(inMemory);
        for (var i = 0; i < Chains; i++)
        {
            await engine.TimeAsync("Chain", i);
        }

        var times = new List<double>();
        for (var i = 0; i < Chains; i++)
        {
            times.Add((await engine.TimeAsync("Chain", i)).TotalMilliseconds);
        }

        times.Sort();
        yield return new Figure("chain.p50", Chains, times[Chains / 2], "ms");
        yield return new Figure("chain.p99", Chains, times[Chains * 99 / 100], "ms");
    }

    /// <summary>Workflows a second when five hundred chains of three start at once.</summary>
    public static async IAsyncEnumerable<Figure> ChainsAsync(bool inMemory)
    {
        const int Chains = 500;
        await using var engine = await BenchEngine.StartAsync(inMemory);
        for (var i = 0; i < 4; i++)
        {
            await TimeChainsAsync(engine, Chains);
        }

        var seconds = await MedianAsync(Repetitions, () => TimeChainsAsync(engine, Chains));
        yield return new Figure("chains", Chains, Chains / seconds, "workflows/s");
    }

    /// <summary>Peak memory of the process while a hundred thousand tasks run; the command gives it a process of its own.</summary>
    public static async IAsyncEnumerable<Figure> MemoryAsync(bool inMemory)
    {
        const int Width = 100_000;
        await using var engine = await BenchEngine.StartAsync(inMemory);
        await engine.TimeAsync("Fan", Width);
        using var process = Process.GetCurrentProcess();
        yield return new Figure("memory", Width, process.PeakWorkingSet64 / (1024.0 * 1024), "MB");
    }

    /// <summary>What a task leaves in the history.</summary>
    public static async IAsyncEnumerable<Figure> HistoryAsync(bool inMemory)
    {
        const int Width = 10_000;
        await using var engine = await BenchEngine.StartAsync(inMemory);
        var before = engine.HistorySize();
        await engine.TimeAsync("Fan", Width);
        var after = engine.HistorySize();
        yield return new Figure("history.rows", Width, (after.Rows - before.Rows) / (double)Width, "rows/task");
        yield return new Figure("history.bytes", Width, (after.Bytes - before.Bytes) / (double)Width, "bytes/task");
    }

    private static async Task WarmUpAsync(BenchEngine engine, string orchestrator, int input)
    {
        for (var i = 0; i < 3; i++)
        {
            await engine.TimeAsync(orchestrator, input);
        }
    }

    private static async Task<double> TimeChainsAsync(BenchEngine engine, int count)
    {
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => engine.TimeAsync("Chain", i)));
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private static async Task<double> MedianAsync(int repetitions, Func<Task<double>> run)
    {
        var values = new List<double>();
        for (var i = 0; i < repetitions; i++)
        {
            values.Add(await run());
        }

        values.Sort();
        return values[values.Count / 2];
    }
}
