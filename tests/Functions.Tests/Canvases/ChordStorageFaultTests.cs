using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chard.Domain.Ledger;
using Chard.Functions.Tests.Flows;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// A chord of 1,000 in the whole app on a real storage service that fails at calls all over the run: the right sum, the body once, no row
/// missing.
/// </summary>
public sealed class ChordStorageFaultTests : IAsyncLifetime
{
    private const int Width = 1_000;
    private const int Plays = 10;

    // A pure task's row is written once, without a condition; the other one's is claimed first, and its end names the claim's version.
    private static readonly string Canvas =
        """{"chord":{"header":[""" + string.Join(',', Enumerable.Range(0, Width).Select(i => i % 2 == 0
            ? $$"""{"task":"Echo","args":{{i}}}"""
            : $$$"""{"task":"Sleep","args":{"seconds":0,"value":{{{i}}}}}""")) + """],"body":{"task":"Sum"}}}""";

    private FlowHost _host = null!;

    public static TheoryData<string> Faults => [.. Named.Keys];

    // What the client sees as one more failed try is played on any call, and a 412 on those that name a version. It is not true: the row is
    // as the app has read it.
    private static Dictionary<string, StorageFault> Named { get; } = new()
    {
        ["Busy"] = StorageFault.Busy,
        ["InternalError"] = StorageFault.InternalError,
        ["TimedOut"] = StorageFault.TimedOut,
        ["ConditionNotMet"] = StorageFault.ConditionNotMet,
        ["NoAnswer"] = StorageFault.NoAnswer,
        ["NoAnswer, applied"] = StorageFault.NoAnswer with { IsApplied = true },
    };

    public async Task InitializeAsync() => _host = await FlowHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Faults))]
    public async Task Chord_Of1000WhileStorageFails_SumsAllAndRunsItsBodyOnce(string name)
    {
        await RunAsync();
        StorageFault fault = Named[name];
        Func<StorageCall, bool> match = fault == StorageFault.ConditionNotMet ? c => c.IsConditional : _ => true;
        int calls = _host.App.Storage.Count(match);
        int plays = Math.Min(Plays, calls);
        Assert.True(calls > 0, "No call could be played on.");

        _host.App.Storage.Clear();
        for (int play = 0; play < plays; play++)
        {
            _host.App.Storage.Fail(match, fault, skip: play * calls / plays);
        }

        await RunAsync();
        _host.App.Storage.Heal();

        // How many calls a run makes differs, as writes of one partition share requests; but the fault has been there again and again.
        Assert.InRange(_host.App.Storage.Count(c => c.IsFaulted), Math.Min(3, plays), plays);
    }

    private async Task RunAsync()
    {
        string id = "chord-" + Guid.NewGuid().ToString("N")[..12];
        await StartAsync(id);

        Assert.Equal(Width * (Width - 1) / 2, (await _host.ResultAsync(id)).GetInt32());
        var rows = new List<LedgerRow>();
        await foreach (LedgerRow row in _host.App.Services.GetRequiredService<ILedgerStore>().ListAsync(id, CancellationToken.None))
        {
            if (!row.Key.Path.StartsWith(LedgerRow.PackPrefix, StringComparison.Ordinal))
            {
                rows.Add(row);
            }
        }

        Assert.Equal(
            Enumerable.Range(0, Width).Select(i => "0.h." + i).Append("0.b").Order(StringComparer.Ordinal),
            rows.Select(r => r.Key.Path).Order(StringComparer.Ordinal));
        Assert.All(rows, r => Assert.Equal(LedgerStatus.Succeeded, r.Status));
        Assert.Equal(1, Assert.Single(rows, r => r.Key.Path == "0.b").Turn.Attempt);
    }

    /// <summary>
    /// The caller's side of the bargain: a start that was answered with 503, or not at all, is repeated with the same id.
    /// </summary>
    private async Task StartAsync(string id)
    {
        for (int attempt = 1; ; attempt++)
        {
            using HttpResponseMessage answer = await _host.App.Http.PostAsJsonAsync(
                "/api/workflows", new { canvas = JsonElement.Parse(Canvas), id });
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                return;
            }

            Assert.True(attempt < 5 && answer.StatusCode == HttpStatusCode.ServiceUnavailable, await answer.Content.ReadAsStringAsync());
        }
    }
}
