using System.Globalization;
using System.Text.Json;
using Chard.Control;
using Chard.Domain.DeadLetters;
using Chard.Domain.Ledger;
using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Parking in the middle of each shape, with a crash while it waits; large values; retries and time.</summary>
public sealed class CanvasParkTests : IAsyncLifetime
{
    private readonly CanvasHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("""{"chain":[{"task":"Echo","args":1},{"task":"Flaky","args":{"failures":1,"value":2}},"""
        + """{"task":"Echo","args":["$prev"]}],"onExhausted":"park","retry":{"attempts":1}}""", "0.1", "[2]")]
    [InlineData("""{"group":[{"task":"Echo","args":1},"""
        + """{"task":"Flaky","args":{"failures":1,"value":2}}],"onExhausted":"park","retry":{"attempts":1}}""", "0.1", "[1,2]")]
    [InlineData("""{"chord":{"header":[{"task":"Flaky","args":{"failures":1,"value":2}},"""
        + """{"task":"Echo","args":3}],"body":{"task":"Sum"}},"onExhausted":"park","retry":{"attempts":1}}""", "0.h.0", "5")]
    [InlineData(
        """{"chord":{"header":[],"body":{"task":"Flaky","args":{"failures":1,"value":2}}},"onExhausted":"park","retry":{"attempts":1}}""",
        "0.b", "2")]
    [InlineData("""{"map":{"task":"Flaky","over":[{"failures":0,"value":1},{"failures":1,"value":2},"""
        + """{"failures":0,"value":3}]},"onExhausted":"park","retry":{"attempts":1}}""", "0.1", "[1,2,3]")]
    public async Task Park_InEachShape_GoesOnFromThereAfterACrash(string canvas, string path, string result)
    {
        string id = await _host.StartAsync(canvas);
        DeadLetter letter = await ParkedAsync(id);
        Assert.Equal((path, "Flaky", "RunCanvas", true), (letter.Path, letter.Task, letter.Workflow, letter.Parked));

        await _host.Eager.Host.CrashAsync();
        await _host.Eager.Host.StartAsync();
        await _host.Durable.RaiseEventAsync(
            letter.InstanceId!, DeadLetterEvents.NameOf(path, 0), new DeadLetterResolution(DeadLetterAction.Retry));

        Assert.Equal(result, await _host.EndAsync(id));
        Assert.Equal(new(1, 2, 0), _host.Stores.Ledger[new LedgerKey(id, null, path)]!.Turn);
    }

    [Fact]
    public async Task Park_FailedByTheOperator_IsCaughtByOnError()
    {
        string id = await _host.StartAsync(
            """{"task":"Fail","args":{},"onExhausted":"park","onError":{"task":"Echo","args":"$prev/code"}}""");
        DeadLetter letter = await ParkedAsync(id);

        await _host.Durable.RaiseEventAsync(
            letter.InstanceId!, DeadLetterEvents.NameOf("0", 0), new DeadLetterResolution(DeadLetterAction.Fail));

        Assert.Equal("\"fail\"", await _host.EndAsync(id));
    }

    [Fact]
    public async Task Values_LargeOnes_TravelByReferenceThroughEveryShape()
    {
        string result = await _host.RunAsync("""
            {"chain":[
              {"group":[{"task":"Grow","args":{"text":"ab","times":30000}},{"task":"Echo","args":"small"},
                        {"task":"Grow","args":{"text":"c","times":50000}}]},
              {"task":"Echo","args":{"first":"$prev/0","all":"$prev"}},
              {"group":[{"task":"Measure","args":"$prev/first"},{"task":"Measure","args":"$prev/all/2"},
                        {"task":"Echo","args":"$prev/all/1"}]}
            ]}
            """);

        Assert.Equal("""[60000,50000,"small"]""", result);
    }

    [Fact]
    public async Task Values_AMissingPlaceInALargeOne_FailsTheNodeAtOnce()
    {
        DateTimeOffset begun = _host.Now;

        string result = await _host.RunAsync(
            """{"chain":[{"task":"Grow","args":{"text":"ab","times":30000}},{"task":"Echo","args":["$prev/nowhere"]}]}""");

        Assert.StartsWith("!reference-missing: '$prev/nowhere' leads to nothing", result, StringComparison.Ordinal);
        Assert.InRange((_host.Now - begun).TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task Values_ManyMiddlingOnes_AreJoinedInBatches()
    {
        string members = string.Join(
            ',', Enumerable.Range(0, 40).Select(i => $$$"""{"task":"Grow","args":{"text":"{{{i % 10}}}","times":20000}}"""));

        string result = await _host.RunAsync(
            """{"chord":{"header":[""" + members + """],"body":{"map":{"task":"Measure","over":"$prev"}}}}""");

        Assert.Equal(Enumerable.Repeat(20_000, 40), JsonSerializer.Deserialize<int[]>(result)!);
    }

    [Fact]
    public async Task Chord_OfThousands_StreamsItsResultsIntoTheBody()
    {
        decimal[] numbers = [.. Enumerable.Range(1, 1_500).Select(i => 1 + (i / 1_000_000_000_000m))];
        string header = string.Join(
            ',', numbers.Select(n => $$$"""{"task":"Square","args":{{{n.ToString(CultureInfo.InvariantCulture)}}}}"""));

        string id = await _host.StartAsync("""{"chord":{"header":[""" + header + """],"body":{"task":"Sum"}}}""");

        Assert.Equal(numbers.Sum(n => n * n), decimal.Parse(await _host.EndAsync(id), CultureInfo.InvariantCulture));
        // They were too large to travel.
        Assert.Contains(_host.Stores.Payloads.Names, name => name.StartsWith($"{id}/groups/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Map_ItemsThatFailInSeveralWays_AreEachTreatedByTheirOwn()
    {
        string id = await _host.StartAsync("""
            {"map":{"task":"Flaky","over":[
              {"failures":0,"value":"at once"},{"failures":2,"value":"later"},{"failures":9,"kind":"permanent"},
              {"failures":2,"kind":"rateLimited","retryAfterSeconds":7,"value":"asked"}
            ],"chunk":4,"failures":"collect"},"retry":{"attempts":3}}
            """);

        Assert.Equal(
            """["at once","later",{"error":{"code":"flaky","message":"Failure 1 of 9, as asked.","task":"Flaky","path":"0.2"}},"asked"]""",
            await _host.EndAsync(id));
        DeadLetter letter = Assert.Single(_host.Stores.DeadLetters.Values);
        Assert.Equal(("0.2", 1, 9), (letter.Path, letter.Attempts, letter.Args!.Value.GetProperty("failures").GetInt32()));
        Assert.Equal(new(0, 3, 0), _host.Stores.Ledger[new LedgerKey(id, null, "0.1")]!.Turn);
        Assert.Equal(new(0, 1, 0), _host.Stores.Ledger[new LedgerKey(id, null, "0.0")]!.Turn);
    }

    [Fact]
    public async Task Group_WiderThanAHistory_RunsInPartsThatTogetherKeepTheRule()
    {
        string members = string.Join(',', Enumerable.Range(0, 1_000).Select(
            i => i % 400 == 399 ? """{"task":"Fail","args":{}}""" : $$"""{"task":"Square","args":{{i}}}"""));

        string collected = await _host.RunAsync("""{"group":[""" + members + """],"failures":"collect"}""");
        string failed = await _host.RunAsync("""{"group":[""" + members + """],"failures":{"tolerate":1},"maxInFlight":300}""");

        JsonElement[] results = JsonSerializer.Deserialize<JsonElement[]>(collected)!;
        Assert.Equal(1_000, results.Length);
        Assert.Equal([399, 799], results.Index().Where(r => r.Item.ValueKind == JsonValueKind.Object).Select(r => r.Index));
        Assert.Equal(998 * 998, results[998].GetInt32());
        Assert.Equal("0.799", results[799].GetProperty("error").GetProperty("path").GetString());
        Assert.Equal("!fail: 2 of 1000 failed; the first: Failed, as asked. (Fail)", failed);
    }

    [Fact]
    public async Task Group_WiderThanAHistory_KeepsEveryHistoryShort()
    {
        string members = string.Join(',', Enumerable.Range(0, 1_100).Select(i => $$"""{"task":"Echo","args":{{i}}}"""));
        string id = await _host.StartAsync("""{"group":[""" + members + """]}""");

        Assert.Equal(Enumerable.Range(0, 1_100), JsonSerializer.Deserialize<int[]>(await _host.EndAsync(id))!);
        Assert.Equal(["g0", "g2"], _host.Stores.Ledger.Rows.Select(r => r.Key.Shard).Distinct().Order());
        await foreach (OrchestrationMetadata instance in _host.Durable.GetAllInstancesAsync(
            new OrchestrationQuery { InstanceIdPrefix = id }))
        {
            Assert.True(InstanceTree.Contains(id, instance.InstanceId), instance.InstanceId);
        }
    }

    [Fact]
    public async Task Park_InAPartOfAWideGroup_WaitsInThatPart()
    {
        string members = string.Join(',', Enumerable.Range(0, 1_100).Select(i => $$"""{"task":"Echo","args":{{i}}}"""));
        string id = await _host.StartAsync(
            """{"group":[""" + members
                + """,{"task":"Flaky","args":{"failures":1,"value":"mended"},"onExhausted":"park","retry":{"attempts":1}}]}""");
        DeadLetter letter = await ParkedAsync(id);
        Assert.Equal(($"{id}.0.1000-1100", "0.1100"), (letter.InstanceId, letter.Path));

        await _host.Durable.RaiseEventAsync(
            letter.InstanceId!, DeadLetterEvents.NameOf("0.1100", 0), new DeadLetterResolution(DeadLetterAction.Retry));

        Assert.Equal("mended", JsonSerializer.Deserialize<JsonElement[]>(await _host.EndAsync(id))![1_100].GetString());
    }

    [Fact]
    public async Task Map_OfManyChunks_RunsInParts()
    {
        string result = await _host.RunAsync(
            """{"map":{"task":"Square","over":"$input","chunk":2,"maxInFlight":250}}""",
            JsonSerializer.Serialize(Enumerable.Range(1, 700)));

        Assert.Equal(Enumerable.Range(1, 700).Select(i => i * i), JsonSerializer.Deserialize<int[]>(result)!);
    }

    [Fact]
    public async Task Chain_LongerThanAHistory_RunsInParts()
    {
        string steps = string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":["$prev/0"]}""", 450));

        Assert.Equal("[7]", await _host.RunAsync("""{"chain":[{"task":"Echo","args":[7]},""" + steps + "]}"));
    }

    [Fact]
    public async Task Chain_NestedAsDeepAsItMayBe_Runs()
    {
        string canvas = string.Concat(Enumerable.Repeat("""{"chord":{"header":[{"task":"Echo"}],"body":""", 31))
            + """{"task":"Square","args":3}""" + string.Concat(Enumerable.Repeat("}}", 31));

        Assert.Equal("9", await _host.RunAsync(canvas));
    }

    [Fact]
    public async Task Start_ADocumentAbove32KiB_TravelsByReference()
    {
        string text = new('x', 30_000);

        string result = await _host.RunAsync(
            $$"""{"group":[{"task":"Measure","args":"{{text}}"},{"task":"Measure","args":"{{text}}y"}]}""");

        Assert.Equal("[30000,30001]", result);
    }

    [Fact]
    public async Task Failure_OfATask_LeavesADeadLetter()
    {
        string id = await _host.StartAsync("""{"task":"Fail","args":{}}""");

        Assert.Equal("!fail: Failed, as asked. (Fail)", await _host.EndAsync(id));
        DeadLetter letter = Assert.Single(_host.Stores.DeadLetters.Values);
        Assert.Equal((id, "0", "Fail", false), (letter.WorkflowId, letter.Path, letter.Task, letter.Parked));
    }

    private async Task<DeadLetter> ParkedAsync(string id)
    {
        await Eventually.TrueAsync("it is parked", () => _host.StatusOf(id) == WorkflowStatus.Parked);
        return Assert.Single(_host.Stores.DeadLetters.Values);
    }
}
