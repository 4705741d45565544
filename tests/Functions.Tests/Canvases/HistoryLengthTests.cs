using System.Text.Json;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>No history grows with the canvas, however its nodes nest: the events of every instance are counted.</summary>
public sealed class HistoryLengthTests : IAsyncLifetime
{
    /// <summary>
    /// A call is two events, and a turn two more: a hundred calls one after another are some 400, tries after the first not counted.
    /// </summary>
    private const int MaxEvents = 600;

    private readonly CanvasHost _host = new() { Patience = TimeSpan.FromMinutes(4) };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GroupOfChains_KeepsEveryHistoryShort(bool packs)
    {
        string chain = $$"""{"chain":[{{Many(100, """{"task":"Echo","args":["$prev/0"]}""")}}]}""";
        string canvas = $$"""{"chain":[{"task":"Echo","args":[7]},{"group":[{{Many(21, chain)}}]}]}""";

        Assert.Equal(Enumerable.Repeat("[7]", 21), Texts(await RunAsync(Packed(canvas, packs), packs ? null : 2_101)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GroupOfChords_KeepsEveryHistoryShort(bool packs)
    {
        string chord = $$"""{"chord":{"header":[{{Many(30, """{"task":"Square","args":1}""")}}],"body":{"task":"Sum"} } }""";

        Assert.Equal(Enumerable.Repeat("30", 30), Texts(
            await RunAsync(Packed($$"""{"group":[{{Many(30, chord)}}]}""", packs), packs ? null : 930)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ChainOfGroups_KeepsEveryHistoryShort(bool packs)
    {
        string group = $$"""{"group":[{{Many(40, """{"task":"Echo","args":"$prev/0"}""")}}]}""";

        string result = await RunAsync(
            Packed($$"""{"chain":[{"task":"Echo","args":[7]},{{Many(20, group)}}]}""", packs), packs ? null : 801);
        Assert.Equal(Enumerable.Repeat("7", 40), Texts(result));
    }

    [Fact]
    public async Task GroupOfMaps_KeepsEveryHistoryShort()
    {
        string map = $$"""{"map":{"task":"Square","over":[{{string.Join(',', Enumerable.Range(0, 60))}}],"chunk":2} }""";
        string squares = $"[{string.Join(',', Enumerable.Range(0, 60).Select(i => i * i))}]";

        Assert.Equal(Enumerable.Repeat(squares, 40), Texts(await RunAsync($$"""{"group":[{{Many(40, map)}}]}""", tasks: null)));
    }

    private static string Packed(string canvas, bool packs) => packs ? canvas : canvas[..^1] + ",\"pack\":1}";

    private static string Many(int count, string node) => string.Join(',', Enumerable.Repeat(node, count));

    private static IEnumerable<string> Texts(string array) => JsonSerializer.Deserialize<JsonElement[]>(array)!.Select(e => e.GetRawText());

    private async Task<string> RunAsync(string canvas, int? tasks)
    {
        string id = await _host.StartAsync(canvas);
        string result = await _host.EndAsync(id);

        int calls = 0;
        await foreach (OrchestrationMetadata instance in _host.Durable.GetAllInstancesAsync(
            new OrchestrationQuery { InstanceIdPrefix = id }))
        {
            IList<HistoryEvent> events = await _host.Durable.GetOrchestrationHistoryAsync(instance.InstanceId);
            calls += events.OfType<TaskScheduledEvent>().Count(e => e.Name == "Echo" || e.Name == "Square" || e.Name == "Sum");
            Assert.True(events.Count <= MaxEvents, $"{instance.InstanceId} has {events.Count} events.");
        }

        Assert.Equal(tasks ?? calls, calls);
        return result;
    }
}
