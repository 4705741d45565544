using Chard.Domain.DeadLetters;
using Chard.Domain.Ledger;
using Chard.Domain.Workflows;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Parking in the middle of each shape, with a crash while it waits; large values; retries and time.</summary>
public sealed class CanvasParkTests : IAsyncLifetime
{
    private readonly CanvasHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("""{"chain":[{"task":"Echo","args":1},{"task":"Flaky","args":{"failures":1,"value":2}},{"task":"Echo","args":["$prev"]}],"onExhausted":"park","retry":{"attempts":1}}""", "0.1", "[2]")]
    [InlineData("""{"group":[{"task":"Echo","args":1},{"task":"Flaky","args":{"failures":1,"value":2}}],"onExhausted":"park","retry":{"attempts":1}}""", "0.1", "[1,2]")]
    [InlineData("""{"chord":{"header":[{"task":"Flaky","args":{"failures":1,"value":2}},{"task":"Echo","args":3}],"body":{"task":"Sum"}},"onExhausted":"park","retry":{"attempts":1}}""", "0.h.0", "5")]
    [InlineData("""{"chord":{"header":[],"body":{"task":"Flaky","args":{"failures":1,"value":2}}},"onExhausted":"park","retry":{"attempts":1}}""", "0.b", "2")]
    [InlineData("""{"map":{"task":"Flaky","over":[{"failures":0,"value":1},{"failures":1,"value":2},{"failures":0,"value":3}]},"onExhausted":"park","retry":{"attempts":1}}""", "0.1", "[1,2,3]")]
    public async Task Park_InEachShape_GoesOnFromThereAfterACrash(string canvas, string path, string result)
    {
        string id = await _host.StartAsync(canvas);
        DeadLetter letter = await ParkedAsync(id);
        Assert.Equal((path, "Flaky", "RunCanvas", true), (letter.Path, letter.Task, letter.Workflow, letter.Parked));

        await _host.Eager.Host.CrashAsync();
        await _host.Eager.Host.StartAsync();
        await _host.Durable.RaiseEventAsync(letter.InstanceId!, DeadLetterEvents.NameOf(path, 0), new DeadLetterResolution(DeadLetterAction.Retry));

        Assert.Equal(result, await _host.EndAsync(id));
        Assert.Equal(new(1, 2, 0), _host.Stores.Ledger[new LedgerKey(id, null, path)]!.Turn);
    }

    [Fact]
    public async Task Park_FailedByTheOperator_IsCaughtByOnError()
    {
        string id = await _host.StartAsync("""{"task":"Fail","args":{},"onExhausted":"park","onError":{"task":"Echo","args":"$prev/code"}}""");
        DeadLetter letter = await ParkedAsync(id);

        await _host.Durable.RaiseEventAsync(letter.InstanceId!, DeadLetterEvents.NameOf("0", 0), new DeadLetterResolution(DeadLetterAction.Fail));

        Assert.Equal("\"fail\"", await _host.EndAsync(id));
    }

    [Fact]
    public async Task Values_LargeOnes_TravelByReferenceThroughEveryShape()
    {
        string result = await _host.RunAsync("""
            {"chain":[
              {"group":[{"task":"Grow","args":{"text":"ab","times":30000}},{"task":"Echo","args":"small"},{"task":"Grow","args":{"text":"c","times":50000}}]},
              {"task":"Echo","args":{"first":"$prev/0","all":"$prev"}},
              {"group":[{"task":"Measure","args":"$prev/first"},{"task":"Measure","args":"$prev/all/2"},{"task":"Echo","args":"$prev/all/1"}]}
            ]}
            """);

        Assert.Equal("""[60000,50000,"small"]""", result);
    }

    [Fact]
    public async Task Values_AMissingPlaceInALargeOne_FailsTheNodeAtOnce()
    {
        DateTimeOffset begun = _host.Now;

        string result = await _host.RunAsync("""{"chain":[{"task":"Grow","args":{"text":"ab","times":30000}},{"task":"Echo","args":["$prev/nowhere"]}]}""");

        Assert.StartsWith("!reference-missing: '$prev/nowhere' leads to nothing", result, StringComparison.Ordinal);
        Assert.InRange((_host.Now - begun).TotalSeconds, 0, 30);
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
