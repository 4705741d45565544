using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Chard.Emulator.DurableTask;
using Chard.Emulator.Functions.Durable;
using Chard.Emulator.Testing;
using Chard.Functions.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Bench;

/// <summary>
/// The figures of canvases: the whole app with a local Azurite and its history in a file, from the start over HTTP to the result read over HTTP. Beside each
/// speed stand the storage requests, the history's rows and its bytes, for each task.
/// </summary>
internal static class CanvasBenchmark
{
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
    public static async IAsyncEnumerable<Figure> RunAsync(string name, bool inMemory)
    {
        (_, int tasks, Func<int, string> canvas) = Array.Find(Shapes, s => "canvas." + s.Name == name);
        await using FunctionsTestHost app = await StartAsync(inMemory);
        await RunAsync(app, canvas(tasks / 10));
        await foreach (Figure figure in MeasureAsync(app, name, tasks, canvas(tasks)))
        {
            yield return figure;
        }
    }

    /// <summary>What a task of a map costs at growing widths: the share of each figure at 100,000 in that at 1,000 tells whether it grows.</summary>
    public static async IAsyncEnumerable<Figure> WidthAsync(bool inMemory)
    {
        await using FunctionsTestHost app = await StartAsync(inMemory);
        await RunAsync(app, Shapes[3].Canvas(10_000));
        foreach ((int width, int repetitions) in new[] { (1_000, 9), (10_000, 5), (100_000, 3) })
        {
            var times = new List<double>();
            for (int i = 0; i < repetitions; i++)
            {
                times.Add((await RunAsync(app, Shapes[3].Canvas(width))).Took.TotalMilliseconds);
            }

            times.Sort();
            yield return new Figure("canvas.width", width, times[times.Count / 2] / width, "ms/task");
        }

        using var process = Process.GetCurrentProcess();
        yield return new Figure("canvas.peak", 100_000, process.PeakWorkingSet64 / (1024.0 * 1024), "MB");
    }

    private static Task<FunctionsTestHost> StartAsync(bool inMemory) =>
        FunctionsTestHost.StartAsync<WorkflowsApi>(options => options.FileHistory = !inMemory);

    private static async IAsyncEnumerable<Figure> MeasureAsync(FunctionsTestHost app, string name, int tasks, string canvas)
    {
        EngineRuntime runtime = app.Services.GetRequiredService<DurableRuntime>().Engine.Runtime;
        (long rows, long bytes) = runtime.Store.Reader.Size();
        app.Storage.Clear();
        (string id, TimeSpan took) = await RunAsync(app, canvas);
        int calls = app.Storage.Count();
        (long rowsAfter, long bytesAfter) = runtime.Store.Reader.Size();
        yield return new Figure(name, tasks, tasks / took.TotalSeconds, "tasks/s");
        yield return new Figure(name + ".storage", tasks, calls / (double)tasks, "requests/task");
        yield return new Figure(name + ".history.rows", tasks, (rowsAfter - rows) / (double)tasks, "rows/task");
        yield return new Figure(name + ".history.bytes", tasks, (bytesAfter - bytes) / (double)tasks, "bytes/task");
        yield return new Figure(name + ".history.longest", tasks, LongestHistory(runtime, id), "events");
    }

    /// <summary>Events of the workflow's orchestration that has most of them, counted as the real engine writes them: each turn begins and ends with one.</summary>
    private static int LongestHistory(EngineRuntime runtime, string id) => runtime.Store.Reader
        .Page(0, 0, long.MaxValue, id, int.MaxValue, withInput: false)
        .Max(instance => 1 + runtime.Store.Reader.Load(instance.Key).Turns.Sum(turn => turn.Consumed.Count + turn.Actions.Count + 2));

    /// <summary>From the first byte of the start to the last of the result.</summary>
    private static async Task<(string Id, TimeSpan Took)> RunAsync(FunctionsTestHost app, string canvas)
    {
        using var content = new StringContent($$"""{"canvas":{{canvas}}}""", Encoding.UTF8, "application/json");
        long since = Stopwatch.GetTimestamp();
        using HttpResponseMessage accepted = await app.Http.PostAsync(new Uri("/api/workflows", UriKind.Relative), content);
        string answer = await accepted.Content.ReadAsStringAsync();
        if (accepted.StatusCode != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"The canvas was answered {accepted.StatusCode}: {answer}");
        }

        string id = JsonElement.Parse(answer).GetProperty("id").GetString()!;
        while (true)
        {
            JsonElement status = JsonElement.Parse(await app.Http.GetStringAsync(new Uri($"/api/workflows/{id}?wait=20", UriKind.Relative)));
            switch (status.GetProperty("status").GetString())
            {
                case "completed":
                    await app.Http.GetByteArrayAsync(new Uri($"/api/workflows/{id}/result", UriKind.Relative));
                    return (id, Stopwatch.GetElapsedTime(since));
                case "failed":
                    throw new InvalidOperationException($"The canvas has failed: {status}");
            }
        }
    }

    private static string Members(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"task":"Echo","args":{{i}}}"""));

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));
}
