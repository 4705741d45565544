using System.Text.Json;
using Chard.Domain.Ledger;

namespace Chard.Functions.Tests.Canvases;

/// <summary>What the ledger keeps of the items of a map, and what a run that died leaves of it.</summary>
public sealed class PackRecordTests : IAsyncLifetime
{
    private readonly CanvasHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Map_WideAndPure_WritesTwiceAChunk()
    {
        string result = await _host.RunAsync(
            """{"map":{"task":"Square","over":"$input"}}""", JsonSerializer.Serialize(Enumerable.Range(1, 12_000)));

        Assert.Equal(Enumerable.Range(1, 12_000).Select(i => i * i), JsonSerializer.Deserialize<int[]>(result)!);
        Assert.Equal(64, _host.Stores.Ledger.Operations.Count);
        Assert.Equal(32, _host.Stores.Ledger.Rows.Count());
        Assert.All(_host.Stores.Ledger.Rows, r => Assert.Equal(
            (LedgerStatus.Succeeded, 375, 375L), (r.Status, r.Progress!.Done, r.Progress.Total)));
    }

    [Fact]
    public async Task Map_Small_HasARowAnItem()
    {
        string id = await _host.StartAsync("""{"map":{"task":"Square","over":[1,2,3,4,5],"chunk":3}}""");

        Assert.Equal("[1,4,9,16,25]", await _host.EndAsync(id));
        Assert.Equal(
            ["0.0", "0.1", "0.2", "0.3", "0.4", "pack~0.0-2", "pack~0.3-4"],
            _host.Stores.Ledger.Rows.Select(r => r.Key.Path).Order(StringComparer.Ordinal));
        Assert.Equal("16", _host.Stores.Ledger[new(id, null, "0.3")]!.Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task Map_WithEffects_HasARowAnItemInFewWrites()
    {
        string result = await _host.RunAsync("""{"map":{"task":"Charge","over":"$input","chunk":1000}}""", JsonSerializer.Serialize(
            Enumerable.Range(1, 3_000).Select(i => "a" + i)));

        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => "charged a" + i), JsonSerializer.Deserialize<string[]>(result)!);
        Assert.Equal(3_000, _host.Stores.Receiver.Runs.Select(r => r.Key).Distinct().Count());
        Assert.Equal(3_003, _host.Stores.Ledger.Rows.Count());
        Assert.InRange(_host.Stores.Ledger.Operations.Count, 33, 330);
    }

    [Fact]
    public async Task Kill_InTheMiddleOfAChunk_RunsOnlyWhatIsNotRecorded()
    {
        var blocked = new TaskCompletionSource();
        _host.Stores.Receiver.Script = (context, _) => context.Path == "0.40" ? blocked.Task : Task.CompletedTask;
        string id = await _host.StartAsync("""{"map":{"task":"Charge","over":"$input","chunk":50}}""", JsonSerializer.Serialize(
            Enumerable.Range(0, 50).Select(i => "a" + i)));
        await Eventually.TrueAsync(
            "all but one are recorded", () => _host.Stores.Ledger.Rows.Count(r => r.Status == LedgerStatus.Succeeded) == 49);

        _host.Stores.Receiver.Script = (_, _) => Task.CompletedTask;
        await _host.Eager.KillAsync();

        Assert.Equal(50, JsonSerializer.Deserialize<string[]>(await _host.EndAsync(id))!.Length);
        Assert.Equal(51, _host.Stores.Receiver.Runs.Count);
        Assert.Equal(2, _host.Stores.Receiver.Runs.Count(r => r.Key == $"{id}:0.40"));
    }

    [Fact]
    public async Task Kill_InASecondRound_RunsNothingOfTheFirstAgain()
    {
        var blocked = new TaskCompletionSource();
        _host.Stores.Receiver.Script = (context, _) => (context.Path, context.Attempt) switch
        {
            ("0.3" or "0.4", 1) => throw new IOException("Not yet."),
            ("0.4", 2) => blocked.Task,
            _ => Task.CompletedTask,
        };
        string id = await _host.StartAsync("""{"map":{"task":"Charge","over":["a","b","c","d","e"],"chunk":5}}""");
        await Eventually.TrueAsync(
            "the second try of the first is recorded",
            () => _host.Stores.Ledger[new(id, null, "0.3")] is { Status: LedgerStatus.Succeeded, Turn.Attempt: 2 });

        _host.Stores.Receiver.Script = (_, _) => Task.CompletedTask;
        await _host.Eager.KillAsync();

        Assert.Equal("""["charged a","charged b","charged c","charged d","charged e"]""", await _host.EndAsync(id));
        Assert.Equal([1, 1, 1, 2, 3], Enumerable.Range(0, 5).Select(i => _host.Stores.Receiver.Runs.Count(r => r.Key == $"{id}:0.{i}")));
    }

    [Fact]
    public async Task Lease_TakenByAnother_StopsTheItemsAndRecordsNothingMore()
    {
        var fired = new TaskCompletionSource();
        bool first = true;
        _host.Stores.Receiver.Script = async (context, token) =>
        {
            if (context.Path != "0.1" || !first)
            {
                return;
            }

            first = false;
            await using CancellationTokenRegistration stops = token.Register(() => fired.TrySetResult());
            await fired.Task;
            token.ThrowIfCancellationRequested();
        };
        string id = await _host.StartAsync("""{"map":{"task":"Charge","over":["a","b"],"chunk":2}}""");
        var key = new LedgerKey(id, null, "pack~0.0-1");
        await Eventually.TrueAsync("the first is recorded", () => _host.Stores.Ledger[new(id, null, "0.0")] is not null);

        StoredRow row = (await _host.Stores.Ledger.GetAsync(key, default))!.Value;
        while (await _host.Stores.Ledger.TryReplaceAsync(
            row.Row with { Runner = "thief", LeaseUntil = _host.Now.AddSeconds(20) }, row.Version, default) is null)
        {
            row = (await _host.Stores.Ledger.GetAsync(key, default))!.Value;
        }

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("""["charged a","charged b"]""", await _host.EndAsync(id));
        Assert.Equal([1, 2], Enumerable.Range(0, 2).Select(i => _host.Stores.Receiver.Runs.Count(r => r.Key == $"{id}:0.{i}")));
        Assert.Equal(LedgerStatus.Succeeded, _host.Stores.Ledger[key]!.Status);
    }

    [Fact]
    public async Task Storage_AwayForAWhile_LosesNothing()
    {
        int writes = 0;
        _host.Stores.Ledger.Throws = () => ++writes is > 1 and < 6 ? new IOException("Away.") : null;

        string result = await _host.RunAsync("""{"map":{"task":"Charge","over":["a","b","c"],"chunk":3}}""");

        Assert.Equal("""["charged a","charged b","charged c"]""", result);
        Assert.Equal(3, _host.Stores.Receiver.Charged.Count);
        Assert.Equal(3, _host.Stores.Ledger.Rows.Count(r => r is { Status: LedgerStatus.Succeeded, Progress: null }));
    }

    [Fact]
    public async Task Reply_OfTheEndLost_IsKnownAsOnesOwn()
    {
        _host.Stores.Ledger.LosesReply = () => _host.Stores.Ledger.Operations[^1] is "record" or "update";

        Assert.Equal("""["charged a","charged b"]""", await _host.RunAsync("""{"map":{"task":"Charge","over":["a","b"],"chunk":2}}"""));
        Assert.Equal(2, _host.Stores.Receiver.Runs.Count);
    }
}
