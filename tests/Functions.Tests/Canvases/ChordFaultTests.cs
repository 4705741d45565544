using System.Globalization;
using System.Text.Json;
using Chard.Control;
using Chard.Domain.Ledger;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// A chord of 1,000 charges while the engine dies over and over, and results come twice or get lost: each charged once, the body run once.
/// </summary>
public sealed class ChordFaultTests : IAsyncLifetime
{
    private const int Width = 1_000;
    private const int Crashes = 12;

    private static readonly CanvasFaultPlan.Delivery[] Lost =
        [.. Parted.Select(a => new CanvasFaultPlan.Delivery(a, Lost: true, 5)), new("Charge", Lost: true, 40)];
    private static readonly CanvasFaultPlan.Delivery[] Twice =
        [.. Parted.Select(a => new CanvasFaultPlan.Delivery(a, Lost: false, 5)), new("Charge", Lost: false, 40)];

    private readonly CanvasHost _host = new() { Configure = options => options.ForceReplay = false, Patience = TimeSpan.FromMinutes(3) };

    private static string[] Parted => ["ReadCanvas", "AssembleResults", "BeginWorkflow", "UpdateWorkflowStatus", "Echo"];

    /// <summary>The body charges too, and passes on what it sees.</summary>
    private static string Canvas { get; } =
        """{"chord":{"header":[""" + string.Join(',', Enumerable.Range(0, Width).Select(i => $$"""{"task":"Charge","args":"a{{i}}"}"""))
        + """],"body":{"group":[{"task":"Charge","args":"body"},{"task":"Echo","args":"$prev"}]}}}""";

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("crash before a commit")]
    [InlineData("crash after a commit")]
    [InlineData("results lost")]
    [InlineData("results twice")]
    [InlineData("all of it")]
    public async Task Chord_Of1000UnderFaults_ChargesEachOnceAndRunsItsBodyOnce(string faults)
    {
        // A calm run of the same canvas tells over how many commits the crashes are to be spread.
        long before = _host.Eager.Host.Faults.Commits;
        await CheckAsync("calm", new([], []));
        int step = (int)Math.Max(1, (_host.Eager.Host.Faults.Commits - before) / (2 * Crashes));

        bool crashes = faults.Contains("commit", StringComparison.Ordinal) || faults == "all of it";
        int kills = await CheckAsync("chord", new(
            crashes ? [.. Enumerable.Range(0, Crashes).Select(i => new CanvasFaultPlan.Crash(
                step, faults == "all of it" ? i % 2 == 0 : faults.Contains("after", StringComparison.Ordinal)))] : [],
            faults == "results lost"
                ? Lost : faults == "results twice" ? Twice : faults == "all of it" ? [.. Lost.Take(3), .. Twice.Skip(3)] : []));

        // How many turns share a commit differs from run to run, so one may end before its last crashes come.
        Assert.InRange(kills, crashes ? Crashes / 3 : 0, crashes ? Crashes : 0);
    }

    /// <summary>Runs the chord and looks at all that it has left. Gives how often the app was killed.</summary>
    private async Task<int> CheckAsync(string id, CanvasFaultPlan plan)
    {
        var survivor = new CanvasSurvivor(_host, plan);
        JsonElement[] result = JsonSerializer.Deserialize<JsonElement[]>(await survivor.RunAsync(Canvas, null, id))!;

        Assert.Equal("charged body", result[0].GetString());
        Assert.Equal(Enumerable.Range(0, Width).Select(i => "charged a" + i), result[1].EnumerateArray().Select(r => r.GetString()));

        Dictionary<string, string> charged = _host.Stores.Receiver.Charged.Where(c => c.Key.StartsWith(id + ":", StringComparison.Ordinal))
            .ToDictionary(c => c.Key, c => c.Value);
        Assert.Equal(Width + 1, charged.Count);
        Assert.All(
            Enumerable.Range(0, Width), i => Assert.Equal("a" + i, charged[string.Create(CultureInfo.InvariantCulture, $"{id}:0.h.{i}")]));
        Assert.Equal("body", charged[id + ":0.b.0"]);

        // Only a run that was killed may have been followed by another; a result that was lost or came twice is answered from the row.
        Assert.All(
            _host.Stores.Receiver.Runs.Where(r => r.Key.StartsWith(id + ":", StringComparison.Ordinal)).GroupBy(r => r.Key),
            runs => Assert.InRange(runs.Count(), 1, 1 + survivor.Kills));

        LedgerRow[] rows = [.. _host.Stores.Ledger.Rows.Where(r => r.Key.WorkflowId == id)];
        Assert.Equal(
            Enumerable.Range(0, Width).Select(i => "0.h." + i).Concat(["0.b.0", "0.b.1"]).Order(StringComparer.Ordinal),
            rows.Select(r => r.Key.Path).Order(StringComparer.Ordinal));
        Assert.All(rows, r => Assert.Equal((LedgerStatus.Succeeded, 1), (r.Status, r.Turn.Attempt)));
        Assert.Empty(_host.Stores.DeadLetters);
        await foreach (OrchestrationMetadata instance in _host.Durable.GetAllInstancesAsync(
            new OrchestrationQuery { InstanceIdPrefix = id }))
        {
            Assert.True(InstanceTree.Contains(id, instance.InstanceId), instance.InstanceId);
            Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.RuntimeStatus);
        }

        return survivor.Kills;
    }
}
