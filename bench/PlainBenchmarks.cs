using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chard.Bench;

/// <summary>
/// An app of plain Durable Functions, with activities that do nothing: what host, worker and engine cost without Chard.
/// </summary>
internal static class PlainBenchmarks
{
    /// <summary>The folder of the app.</summary>
    public static readonly string App = BenchHost.OutputOf("bench", "Plain");

    /// <summary>Cost of a task at growing widths, by sub-orchestrations of 200.</summary>
    public static IAsyncEnumerable<Figure> GrowthAsync(BenchOptions options, int widest) => GrowthBenchmark.RunAsync(
        "plain.growth", App, options, widest, (host, width) => MeasureAsync(host, "Fan", width));

    /// <summary>What a task leaves in the history.</summary>
    public static async IAsyncEnumerable<Figure> HistoryAsync(BenchOptions options, int width)
    {
        await using BenchHost host = await BenchHost.StartAsync(App, options, needsStorage: false);
        (long events, long bytes, _) = host.History();
        await MeasureAsync(host, "Fan", width);
        (long eventsAfter, long bytesAfter, _) = host.History();
        yield return new Figure("plain.history.events", width, (eventsAfter - events) / (double)width, "events/task");
        yield return new Figure("plain.history.bytes", width, (bytesAfter - bytes) / (double)width, "bytes/task");
    }

    /// <summary>From the start of the host's process until it is ready, and until a first chain of three has completed.</summary>
    public static async IAsyncEnumerable<Figure> StartAsync(BenchOptions options, int repetitions)
    {
        string published = Directory.CreateTempSubdirectory("chard-bench-").FullName;
        (string app, string? assembly) = options.ReadyToRun ? await PublishAsync(published) : (App, null);
        var ready = new List<double>();
        var first = new List<double>();
        for (int i = 0; i < repetitions; i++)
        {
            await using BenchHost host = await BenchHost.StartAsync(app, options, host: assembly, needsStorage: false);
            await MeasureAsync(host, "Chain", 1);
            first.Add(Stopwatch.GetElapsedTime(host.Since).TotalMilliseconds);
            ready.Add(host.Ready.TotalMilliseconds);
        }

        yield return new Figure("start.ready", repetitions, ready.Order().ElementAt(repetitions / 2), "ms");
        yield return new Figure("start.first-chain", repetitions, first.Order().ElementAt(repetitions / 2), "ms");
        Directory.Delete(published, recursive: true);
    }

    /// <summary>Starts instances at once; the time until the last of them has ended, as the engine tells it.</summary>
    public static async Task<TimeSpan> MeasureAsync(BenchHost host, string orchestrator, int input, int count = 1)
    {
        using HttpResponseMessage response = await host.Client.PostAsync(
            new Uri(
                string.Create(CultureInfo.InvariantCulture, $"/api/measure/{orchestrator}?input={input}&count={count}"), UriKind.Relative),
            null);
        return response.IsSuccessStatusCode
            ? TimeSpan.FromSeconds((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("seconds").GetDouble())
            : throw new InvalidOperationException($"{orchestrator}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task<(string App, string Host)> PublishAsync(string folder)
    {
        string root = Path.GetFullPath(Path.Combine(App, "..", "..", "..", "..", ".."));
        foreach ((string project, string name) in new[]
        {
            (Path.Combine("bench", "Plain"), "app"), (Path.Combine("src", "LocalHost"), "host")
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
}
