using System.Diagnostics;

namespace Chard.Bench;

/// <summary>Something that is started and ends, and can be as large as one likes.</summary>
/// <param name="Name">The name of its benchmark.</param>
/// <param name="N">Of how many.</param>
/// <param name="Of">Of what, in the singular.</param>
/// <param name="App">The folder of the app that it runs in.</param>
/// <param name="RunAsync">Runs so many and stops the meter.</param>
internal sealed record Shape(string Name, int N, string Of, string App, Func<BenchHost, int, Meter, Task> RunAsync);

/// <summary>The shapes that are measured.</summary>
internal static class Shapes
{
    private const string Echo = """{"task":"Echo","args":1}""";

    private static readonly string Chain = Canvas("""{"chain":[{"task":"Echo","args":1},{"task":"Echo"},{"task":"Echo"}]}""");

    /// <summary>The folder of the app itself.</summary>
    public static readonly string App = BenchHost.OutputOf("src", "Functions");

    /// <summary>In the app itself, from the start over HTTP to the result.</summary>
    public static IEnumerable<Shape> OfTheApp { get; } =
    [
        Wide("group", 10_000, "task", Group),
        Wide("chord", 1_000, "task", n => Canvas($$$"""{"chord":{"header":[{{{Members(n)}}}],"body":{"task":"Sum"} } }""")),
        Wide("map", 100_000, "item", Map),
        Wide("map-chord", 100_000, "item",
            n => Canvas($$$"""{"chain":[{"map":{"task":"Square","over":[{{{Numbers(n)}}}]}},{"task":"Sum"}]}""")),
        Wide("map-chunks-of-10", 10_000, "item",
            n => Canvas($$$"""{"map":{"task":"Square","over":[{{{Numbers(n)}}}],"chunk":10} }""")),
        Wide("steps", 200, "step", n => Canvas($$"""{"chain":[{{string.Join(',', Enumerable.Repeat("""{"task":"Echo"}""", n))}}]}""")),
        InTurn("chain", 200, Chain),
        InTurn("chain-1mib", 50,
            Canvas($$"""{"chain":[{"task":"Echo","args":"{{new string('m', 1 << 20)}}"},{"task":"Echo"},{"task":"Echo"}]}""")),
        AtOnce("chains", 500, Chain),
        new("chains.waited", 500, "workflow", App,
            (host, n, meter) => new AppClient(host.Client).WaitForEachAsync(Chain, n, meter)),
        AtOnce("single", 1_000, Echo),
    ];

    /// <summary>The like in an app of plain Durable Functions, with activities that do nothing.</summary>
    public static IEnumerable<Shape> OfPlainDurable { get; } =
    [
        Plain("plain.group", 10_000, "task", n => ("Group", n, 1)),
        Plain("plain.fanout", 10_000, "task", n => ("Fan", n, 1)),
        new("plain.chain", 200, "workflow", PlainBenchmarks.App, async (host, n, meter) =>
        {
            for (int i = 0; i < n; i++)
            {
                meter.Each.Add((await PlainBenchmarks.MeasureAsync(host, "Chain", i)).TotalSeconds);
            }

            meter.Stop();
        }),
        Plain("plain.chains", 500, "workflow", n => ("Chain", 1, n)),
    ];

    /// <summary>The start of a group.</summary>
    public static string Group(int count) => Canvas($$"""{"group":[{{Members(count)}}]}""");

    /// <summary>The start of a map.</summary>
    public static string Map(int count) => Canvas($$$"""{"map":{"task":"Square","over":[{{{Numbers(count)}}}]} }""");

    private static string Canvas(string root) => $$"""{"canvas":{{root}}}""";

    private static Shape Wide(string name, int n, string of, Func<int, string> document) =>
        new(name, n, of, App, async (host, count, meter) =>
        {
            await new AppClient(host.Client).RunAsync(document(count));
            meter.Stop();
        });

    private static Shape InTurn(string name, int n, string document) => new(name, n, "workflow", App, async (host, count, meter) =>
    {
        var client = new AppClient(host.Client);
        for (int i = 0; i < count; i++)
        {
            long since = Stopwatch.GetTimestamp();
            await client.RunAsync(document);
            meter.Each.Add(Stopwatch.GetElapsedTime(since).TotalSeconds);
        }

        meter.Stop();
    });

    private static Shape AtOnce(string name, int n, string document) =>
        new(name, n, "workflow", App, (host, count, meter) => new AppClient(host.Client).RunAllAsync(document, count, meter));

    private static Shape Plain(string name, int n, string of, Func<int, (string Orchestrator, int Input, int Count)> start) =>
        new(name, n, of, PlainBenchmarks.App, async (host, count, meter) =>
        {
            (string orchestrator, int input, int instances) = start(count);
            TimeSpan took = await PlainBenchmarks.MeasureAsync(host, orchestrator, input, instances);
            meter.Stop();
            meter.Took = took;
        });

    private static string Members(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"task":"Echo","args":{{i}}}"""));

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));
}
