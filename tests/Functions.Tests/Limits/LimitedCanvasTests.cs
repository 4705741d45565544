using System.Text.Json;
using Chard.Functions.Tests.Canvases;

namespace Chard.Functions.Tests.Limits;

/// <summary>Limits of canvas nodes: inherited inward, and of maps, whose items are calls of their own then.</summary>
public sealed class LimitedCanvasTests : IAsyncLifetime
{
    private readonly CanvasHost _host = new();
    private int _atWork;
    private int _most;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _host.Stores.Receiver.Script = async (_, _) =>
        {
            InterlockedMax(Interlocked.Increment(ref _atWork));
            for (int i = 0; i < 20; i++)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref _atWork);
        };
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(
        """{"group":[{"chain":[{"task":"Charge","args":"a"}]},{"task":"Charge","args":"b"},{"task":"Charge","args":"c"}],"limit":"one"}""",
        1)]
    [InlineData("""{"group":[{"task":"Charge","args":"a","limit":"TWO"},{"task":"Charge","args":"b","limit":"two"},"""
        + """{"task":"Charge","args":"c","limit":"two"}],"limit":"one"}""", 2)]
    [InlineData("""{"map":{"task":"Charge","over":["a","b","c"],"chunk":3},"limit":"one"}""", 1)]
    public async Task Limit_OfANode_HoldsForTheTasksInIt(string canvas, int most)
    {
        Assert.Equal("""["charged a","charged b","charged c"]""", await _host.RunAsync(canvas));
        Assert.InRange(_most, 1, most);
    }

    [Fact]
    public async Task Limit_OfAWideMap_HoldsOverAllItsParts()
    {
        string[] items = [.. Enumerable.Range(0, 203).Select(i => $"{i}")];

        string result = await _host.RunAsync(
            """{"map":{"task":"Charge","over":"$input","maxInFlight":6},"limit":"two"}""", JsonSerializer.Serialize(items));

        Assert.Equal(items.Select(i => "charged " + i), JsonSerializer.Deserialize<string[]>(result)!);
        Assert.InRange(_most, 1, 2);
    }

    [Fact]
    public async Task Limit_OfAMapOverStoredItems_CallsEachItemByItself()
    {
        string[] items = [.. Enumerable.Range(0, 30).Select(i => $"{i}-{new string('x', 2_000)}")];

        string result = await _host.RunAsync(
            """
            {"chain":[
              {"task":"Echo","args":"$input"},
              {"map":{"task":"Measure","args":"$item/n","over":"$prev","failures":"collect"},"limit":"two","retry":{"attempts":1}}
            ]}
            """,
            JsonSerializer.Serialize(items.Select((item, i) => i == 7 ? (object)new { m = item } : new { n = item })));

        Assert.StartsWith("[", result, StringComparison.Ordinal);
        JsonElement results = JsonElement.Parse(result);
        Assert.Equal(30, results.GetArrayLength());
        Assert.Equal(items[3].Length, results[3].GetInt32());
        Assert.Equal(("reference-missing", "0.1.7"), (results[7]
            .GetProperty("error").GetProperty("code").GetString(), results[7].GetProperty("error").GetProperty("path").GetString()));
        Assert.Empty(_host.Stores.DeadLetters);
    }

    [Fact]
    public async Task Limit_ThatIsARate_SpacesTheItemsOfAMap()
    {
        DateTimeOffset begun = _host.Now;

        await _host.RunAsync("""{"map":{"task":"Charge","over":["a","b","c","d","e"]},"limit":"paced"}""");

        Assert.True(_host.Now - begun >= TimeSpan.FromSeconds(2), "Five at two a second take two seconds.");
    }

    private void InterlockedMax(int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref _most)) && Interlocked.CompareExchange(ref _most, value, seen) != seen)
        {
        }
    }
}
