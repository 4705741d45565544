using System.Text.Json;
using Chard.Functions.Tests.Flows;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Tasks;
using Chard.Testing;

namespace Chard.Functions.Tests.Routes;

/// <summary>Slow tasks take no place from fast ones, in whatever shape they are called.</summary>
public sealed class SlowPoolTests : IAsyncLifetime
{
    private readonly Receiver _receiver = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FlowHost _host = null!;

    public async Task InitializeAsync() => _host = await RouteApp.StartAsync(
        _receiver, options => options.HostJson["extensions:durableTask:maxConcurrentActivityFunctions"] = "1");

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task TenSlowTasks_AtWork_DoNotDelayAFastOne()
    {
        _receiver.Script = (_, _) => _gate.Task;
        string[] slow = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => _host.StartAsync($$"""{"task":"Charge","args":"{{i}}","route":"slow"}""")));
        await Eventually.TrueAsync("all ten run", () => _receiver.Runs.Count == 10);

        Assert.Equal(49, (await _host.ResultAsync(await _host.StartAsync("""{"task":"Square","args":7}"""))).GetInt32());

        _gate.SetResult();
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"charged {i}"),
            (await Task.WhenAll(slow.Select(_host.ResultAsync))).Select(r => r.GetString()));
    }

    [Fact]
    public async Task MapOverASlowTask_AtWork_DoesNotDelayAFastOne()
    {
        _receiver.Script = (_, _) => _gate.Task;
        string map = await _host.StartAsync("""{"canvas":{"map":{"task":"Charge","over":["0","1","2","3"]},"route":"slow"}}""");
        await Eventually.TrueAsync("all four run", () => _receiver.Runs.Count == 4);

        Assert.Equal(49, (await _host.ResultAsync(await _host.StartAsync("""{"task":"Square","args":7}"""))).GetInt32());

        _gate.SetResult();
        Assert.Equal("""["charged 0","charged 1","charged 2","charged 3"]""", (await _host.ResultAsync(map)).GetRawText());
    }

    [Theory]
    [InlineData("""{"chain":[{"task":"Square","args":3},{"task":"Square"},{"task":"Square","route":"fast"}],"route":"slow"}""", "6561", 2)]
    [InlineData("""{"group":[{"task":"Square","args":3,"route":"slow"},{"task":"Square","args":4}]}""", "[9,16]", 1)]
    [InlineData("""{"chord":{"header":[{"task":"Square","args":3}],"body":{"task":"Sum"}},"route":"slow"}""", "9", 2)]
    [InlineData(
        """{"chain":[{"task":"Echo","args":[1,2,3]},"""
            + """{"map":{"task":"Echo","args":{"n":"$item","of":"$input"},"over":"$prev"},"route":"slow"}]}""",
        """[{"n":1,"of":"x"},{"n":2,"of":"x"},{"n":3,"of":"x"}]""", 3)]
    [InlineData(
        """{"map":{"task":"Flaky","over":[{"failures":2,"value":1},"""
            + """{"failures":9}],"failures":"collect"},"retry":{"attempts":3},"route":"slow"}""",
        """[1,{"error":{"code":"flaky","message":"Failure 3 of 9, as asked.","task":"Flaky","path":"0.1"}}]""", 6)]
    [InlineData("""{"map":{"task":"Echo","args":"$item/n","over":[{"n":1},{}],"failures":{"tolerate":1}},"route":"slow"}""", "[1,null]", 1)]
    [InlineData("""{"map":{"task":"Fail","over":[{},{}]},"onExhausted":"skip","route":"slow"}""", "[null,null]", 2)]
    public async Task Canvas_Route_IsInheritedInwardAndTheInnerOneWins(string canvas, string result, int messages)
    {
        string id = await _host.StartAsync($$"""{"canvas":{{canvas}},"args":"x"}""");

        Assert.Equal(result, (await _host.ResultAsync(id)).GetRawText());
        Assert.Equal(messages, Messages());
    }

    [Fact]
    public async Task Map_OverAStoredArray_CallsEachItemByTheQueue()
    {
        string text = new('x', 9_000);
        string id = await _host.StartAsync($$"""
            {"canvas":{"map":{"task":"Measure","over":"$input"},"route":"slow"},
             "args":["{{text}}","{{text}}a","{{text}}","{{text}}"]}
            """);

        Assert.Equal("[9000,9001,9000,9000]", (await _host.ResultAsync(id)).GetRawText());
        Assert.Equal(4, Messages());
    }

    [Fact]
    public async Task Map_WiderThanOneHistory_RunsInPartsThatGetTheirEvents()
    {
        string over = JsonSerializer.Serialize(Enumerable.Range(0, 203));
        string id = await _host.StartAsync($$$"""{"canvas":{"map":{"task":"Square","over":{{{over}}}},"route":"slow"}}""");

        Assert.Equal(JsonSerializer.Serialize(Enumerable.Range(0, 203).Select(i => i * i)), (await _host.ResultAsync(id)).GetRawText());
        Assert.Equal(203, Messages());
    }

    private int Messages() =>
        _host.App.Storage.Count(c => c is { Service: StorageService.Queue, Method: "POST" } && c.Path.StartsWith(
            AzuriteStorage.Names.SlowTaskQueue + "/", StringComparison.Ordinal));
}
