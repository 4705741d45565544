using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chard.Bench;

/// <summary>
/// Host, worker and engine, with activities that do nothing. Each figure is a median of runs on a warm host, so that the compiler's work is
/// not measured; <c>start</c> measures just that.
/// </summary>
internal static class EngineBenchmarks
{
    private const int Repetitions = 5;

    // What runs one at a time is compiled late: the compiler waits for a pause.
    private const int WarmUp = 2_000;

    private static readonly string App = BenchHost.OutputOf("bench", "App");

    /// <summary>Tasks a second of one orchestration that starts all its activities at once.</summary>
    public static async IAsyncEnumerable<Figure> GroupAsync(BenchOptions options)
    {
        await using BenchHost host = await StartAsync(options);
        foreach (int width in new[] { 1_000, 10_000 })
        {
            await MeasureAsync(host, "Group", 10_000);
            await MeasureAsync(host, "Group", 10_000);
            double seconds = await MedianAsync(Repetitions, async () => (await MeasureAsync(host, "Group", width)).Seconds);
            yield return new Figure("group", width, width / seconds, "tasks/s");
        }
    }

    /// <summary>Cost of a task at growing widths, by sub-orchestrations of 200.</summary>
    public static async IAsyncEnumerable<Figure> FanOutAsync(BenchOptions options)
    {
        await using BenchHost host = await StartAsync(options);
        for (int i = 0; i < 4; i++)
        {
            await MeasureAsync(host, "Fan", 10_000);
        }

        foreach ((int width, int repetitions) in new[] { (1_000, 9), (10_000, 5), (100_000, 3) })
        {
            double seconds = await MedianAsync(repetitions, async () => (await MeasureAsync(host, "Fan", width)).Seconds);
            yield return new Figure("fanout", width, seconds * 1000 / width, "ms/task");
        }

        yield return new Figure("fanout.peak", 100_000, host.PeakMegabytes, "MB");
    }

    /// <summary>Latency of a chain of three, one after another.</summary>
    public static async IAsyncEnumerable<Figure> ChainAsync(BenchOptions options)
    {
        const int Chains = 200;
        await using BenchHost host = await StartAsync(options);
        for (int i = 0; i < WarmUp; i++)
        {
            await MeasureAsync(host, "Chain", i);
        }

        var times = new List<double>();
        for (int i = 0; i < Chains; i++)
        {
            times.Add((await MeasureAsync(host, "Chain", i)).Seconds * 1000);
        }

        times.Sort();
        yield return new Figure("chain.p50", Chains, times[Chains / 2], "ms");
        yield return new Figure("chain.p99", Chains, times[Chains * 99 / 100], "ms");
    }

    /// <summary>Workflows a second when five hundred chains of three start at once.</summary>
    public static async IAsyncEnumerable<Figure> ChainsAsync(BenchOptions options)
    {
        const int Chains = 500;
        await using BenchHost host = await StartAsync(options);
        for (int i = 0; i < 20; i++)
        {
            await MeasureAsync(host, "Chain", i, Chains);
        }

        double seconds = await MedianAsync(Repetitions, async () => (await MeasureAsync(host, "Chain", 1, Chains)).Seconds);
        yield return new Figure("chains", Chains, Chains / seconds, "workflows/s");
    }

    /// <summary>What a task leaves in the history.</summary>
    public static async IAsyncEnumerable<Figure> HistoryAsync(BenchOptions options)
    {
        const int Width = 10_000;
        await using BenchHost host = await StartAsync(options);
        (long events, long bytes, _) = host.History();
        await MeasureAsync(host, "Fan", Width);
        (long eventsAfter, long bytesAfter, _) = host.History();
        yield return new Figure("history.events", Width, (eventsAfter - events) / (double)Width, "events/task");
        yield return new Figure("history.bytes", Width, (bytesAfter - bytes) / (double)Width, "bytes/task");
    }

    /// <summary>From the start of the host's process until it is ready, and until a first chain of three has completed.</summary>
    public static async IAsyncEnumerable<Figure> StartAsync(BenchOptions options, string published)
    {
        (string app, string? assembly) = options.ReadyToRun ? await PublishAsync(published) : (App, null);
        var ready = new List<double>();
        var first = new List<double>();
        for (int i = 0; i < Repetitions; i++)
        {
            await using BenchHost host = await BenchHost.StartAsync(app, options, host: assembly, needsStorage: false);
            await MeasureAsync(host, "Chain", 1);
            first.Add(Stopwatch.GetElapsedTime(host.Since).TotalMilliseconds);
            ready.Add(host.Ready.TotalMilliseconds);
        }

        yield return new Figure("start.ready", Repetitions, ready.Order().ElementAt(Repetitions / 2), "ms");
        yield return new Figure("start.first-chain", Repetitions, first.Order().ElementAt(Repetitions / 2), "ms");
    }

    private static Task<BenchHost> StartAsync(BenchOptions options) => BenchHost.StartAsync(App, options, needsStorage: false);

    private static async Task<(string App, string Host)> PublishAsync(string folder)
    {
        string root = Path.GetFullPath(Path.Combine(App, "..", "..", "..", "..", ".."));
        foreach ((string project, string name) in new[]
        {
            (Path.Combine("bench", "App"), "app"), (Path.Combine("src", "LocalHost"), "host")
        })
        {
            using var publish = Process.Start(new ProcessStartInfo(
                "dotnet",
                ["publish", Path.Combine(root, project), "-c", "Release", "--use-current-runtime", "--no-self-contained",
                    "-p:PublishReadyToRun=true", "-o", Path.Combine(folder, name)])
            {
                RedirectStandardOutput = true,
            })!;
            string output = await publish.StandardOutput.ReadToEndAsync();
            await publish.WaitForExitAsync();
            if (publish.ExitCode != 0)
            {
                throw new InvalidOperationException($"{project} was not published:\n{output}");
            }
        }

        return (Path.Combine(folder, "app"), Path.Combine(folder, "host", "Chard.LocalHost.dll"));
    }

    private static async Task<Measured> MeasureAsync(BenchHost host, string shape, int input, int count = 1)
    {
        using HttpResponseMessage response = await host.Client.PostAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/measure/{shape}?input={input}&count={count}"), UriKind.Relative),
            null);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<Measured>(JsonSerializerOptions.Web))!
            : throw new InvalidOperationException($"{shape}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task<double> MedianAsync(int repetitions, Func<Task<double>> run)
    {
        var values = new List<double>();
        for (int i = 0; i < repetitions; i++)
        {
            values.Add(await run());
        }

        values.Sort();
        return values[values.Count / 2];
    }

    private sealed record Measured(double Seconds);
}
