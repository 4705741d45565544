using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Chard.LocalHost.Durable;
using Chard.TestHost;

namespace Chard.Bench;

/// <summary>
/// The figures of canvases: the whole app on the local host with an Azurite, from the start over HTTP to the result read over HTTP. Beside
/// each speed stand the storage requests of app, host and engine for each task, counted by a proxy in a second run, and of the SQLite
/// engine what the history holds.
/// </summary>
internal static class CanvasBenchmark
{
    private const int Map = 3;

    private static readonly string App = BenchHost.OutputOf("src", "Functions");

    private static readonly (string Name, int Tasks, Func<int, string> Canvas)[] Shapes =
    [
        ("group", 10_000, n => $$"""{"group":[{{Members(n)}}]}"""),
        ("chord", 1_000, n => $$$"""{"chord":{"header":[{{{Members(n)}}}],"body":{"task":"Sum"} } }"""),
        ("chain", 200, n => $$"""{"chain":[{{string.Join(',', Enumerable.Repeat("""{"task":"Echo"}""", n))}}]}"""),
        ("map", 100_000, n => $$$"""{"map":{"task":"Square","over":[{{{Numbers(n)}}}]}}"""),
        ("map-chunks-of-10", 10_000, n => $$$"""{"map":{"task":"Square","over":[{{{Numbers(n)}}}],"chunk":10}}"""),
        ("map-chord", 100_000, n => $$$"""{"chain":[{"map":{"task":"Square","over":[{{{Numbers(n)}}}]}},{"task":"Sum"}]}"""),
    ];

    /// <summary>The names of the shapes' benchmarks.</summary>
    public static IEnumerable<string> Names => Shapes.Select(s => "canvas." + s.Name);

    /// <summary>One shape, first to warm up at a tenth of its width, then at its width.</summary>
    public static async IAsyncEnumerable<Figure> RunAsync(string name, BenchOptions options)
    {
        (_, int tasks, Func<int, string> canvas) = Array.Find(Shapes, s => "canvas." + s.Name == name);
        await using (BenchHost host = await BenchHost.StartAsync(App, options))
        {
            await RunAsync(host, canvas(tasks / 10));
            yield return new Figure(name, tasks, tasks / (await RunAsync(host, canvas(tasks))).TotalSeconds, "tasks/s");
        }

        using StorageAccount account = await StorageAccount.OpenAsync();
        await using (BenchHost host = await BenchHost.StartAsync(App, options, account.ConnectionString))
        {
            await RunAsync(host, canvas(tasks / 10));
            account.App.Clear();
            (long events, long bytes, _) = options.Engine == DurableEngine.Sqlite ? host.History() : default;
            await RunAsync(host, canvas(tasks));
            yield return new Figure(name + ".storage", tasks, account.App.Count() / (double)tasks, "requests/task");
            if (options.Engine == DurableEngine.Sqlite)
            {
                (long eventsAfter, long bytesAfter, long longest) = host.History();
                yield return new Figure(name + ".history.events", tasks, (eventsAfter - events) / (double)tasks, "events/task");
                yield return new Figure(name + ".history.bytes", tasks, (bytesAfter - bytes) / (double)tasks, "bytes/task");
                yield return new Figure(name + ".history.longest", tasks, longest, "events");
            }
        }
    }

    /// <summary>
    /// What a task of a map costs at growing widths: the share of each figure at 100,000 in that at 1,000 tells whether it grows.
    /// </summary>
    public static async IAsyncEnumerable<Figure> WidthAsync(BenchOptions options)
    {
        await using BenchHost host = await BenchHost.StartAsync(App, options);
        await RunAsync(host, Shapes[Map].Canvas(10_000));
        foreach ((int width, int repetitions) in new[] { (1_000, 9), (10_000, 5), (100_000, 3) })
        {
            var times = new List<double>();
            for (int i = 0; i < repetitions; i++)
            {
                times.Add((await RunAsync(host, Shapes[Map].Canvas(width))).TotalMilliseconds);
            }

            times.Sort();
            yield return new Figure("canvas.width", width, times[times.Count / 2] / width, "ms/task");
        }

        yield return new Figure("canvas.peak", 100_000, host.PeakMegabytes, "MB");
    }

    /// <summary>From the first byte of the start to the last of the result.</summary>
    private static async Task<TimeSpan> RunAsync(BenchHost host, string canvas)
    {
        using var content = new StringContent($$"""{"canvas":{{canvas}}}""", Encoding.UTF8, "application/json");
        long since = Stopwatch.GetTimestamp();
        using HttpResponseMessage accepted = await host.Client.PostAsync(new Uri("/api/workflows", UriKind.Relative), content);
        string answer = await accepted.Content.ReadAsStringAsync();
        if (accepted.StatusCode != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"The canvas was answered {accepted.StatusCode}: {answer}");
        }

        string id = JsonElement.Parse(answer).GetProperty("id").GetString()!;
        while (true)
        {
            JsonElement status = JsonElement.Parse(
                await host.Client.GetStringAsync(new Uri($"/api/workflows/{id}?wait=20", UriKind.Relative)));
            switch (status.GetProperty("status").GetString())
            {
                case "completed":
                    await host.Client.GetByteArrayAsync(new Uri($"/api/workflows/{id}/result", UriKind.Relative));
                    return Stopwatch.GetElapsedTime(since);
                case "failed":
                    throw new InvalidOperationException($"The canvas has failed: {status}");
            }
        }
    }

    private static string Members(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"task":"Echo","args":{{i}}}"""));

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));
}
