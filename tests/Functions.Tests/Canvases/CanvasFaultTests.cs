using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// Random canvases against <see cref="PlainEvaluator"/>, while the engine dies again and again and results of activities come twice or get
/// lost: the same result, the same dead letters, and each charge once.
/// </summary>
[Trait("Category", "Soak")]
public sealed class CanvasFaultTests(ITestOutputHelper output)
{
    private const string Input = """{"n":7,"list":["a",2]}""";

    [Theory]
    [InlineData("")]
    [InlineData("large")]
    [InlineData("crashes")]
    [InlineData("crashes, charges")]
    [InlineData("deliveries, large")]
    [InlineData("deliveries, charges")]
    [InlineData("crashes, deliveries, charges, large")]
    [InlineData("crashes, deliveries, charges, large, replays")]
    public Task Canvas_Random_EndsAsThePlainEvaluatorSays(string variant) => RunAsync(25, variant);

    [Theory]
    [InlineData("large")]
    [InlineData("crashes, charges")]
    [InlineData("deliveries, charges, large")]
    [InlineData("crashes, deliveries, charges, large")]
    [InlineData("crashes, deliveries, charges, large, replays")]
    public Task Canvas_ManyRandomOnes_EndAsThePlainEvaluatorSays(string variant) => RunAsync(80, variant);

    private async Task RunAsync(int canvases, string variant)
    {
        bool crashes = Has("crashes"), deliveries = Has("deliveries"), charges = Has("charges"), large = Has("large"),
        replays = Has("replays");
        var host = new CanvasHost { Configure = options => options.ForceReplay = replays, Patience = TimeSpan.FromMinutes(2) };
        await host.InitializeAsync();
        try
        {
            // A first answer that gets lost: the charge has landed, and the next try has the same key.
            Tasks.Receiver receiver = host.Stores.Receiver;
            receiver.Script = (context, _) => context.Attempt == 1
                && receiver.Charged[context.IdempotencyKey].StartsWith(RandomCanvases.UnsurePrefix, StringComparison.Ordinal)
                ? throw new IOException("The answer got lost.")
                : Task.CompletedTask;
            int first = Random.Shared.Next(1_000_000_000);
            int kills = 0;
            for (int seed = first; seed < first + canvases; seed++)
            {
                kills += await RunOneAsync(host, seed, CanvasFaultPlan.Of(seed, crashes, deliveries), charges, large);
            }

            output.WriteLine($"{canvases} canvases from seed {first} on, {kills} kills");
            Assert.True(!crashes || kills >= canvases / 3, $"Only {kills} crashes came.");
        }
        finally
        {
            await host.DisposeAsync();
        }

        bool Has(string what) => variant.Contains(what, StringComparison.Ordinal);
    }

    /// <summary>One canvas; gives how often the app was killed under it.</summary>
    private static async Task<int> RunOneAsync(CanvasHost host, int seed, CanvasFaultPlan plan, bool charges, bool large)
    {
        string canvas = new RandomCanvases(seed, charges, large).Node(depth: 4, hasPrev: false).ToJsonString();
        var evaluator = new PlainEvaluator(JsonNode.Parse(Input));
        (JsonNode? value, PlainEvaluator.Failed? failure) = evaluator.Run(JsonNode.Parse(canvas)!);
        string expected = failure is null ? value?.ToJsonString() ?? "null" : $"!{failure.Code}: {failure.Message} ({failure.Task})";
        string id = "c" + Guid.NewGuid().ToString("N")[..12];
        var survivor = new CanvasSurvivor(host, plan);
        try
        {
            string actual = await survivor.RunAsync(canvas, Input, id);

            bool same = failure is not null
                ? actual == expected
                : !actual.StartsWith('!') && JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual));
            Assert.True(same, $"It gave {Start(actual)} and was to give {Start(expected)}");
            Assert.Equal(
                evaluator.Exhausted.Order(), host.Stores.DeadLetters.Values.Where(l => l.WorkflowId == id).Select(l => l.Path!).Order());
            AssertCharges(host.Stores.Receiver, id, evaluator.Charged, survivor.Kills);
            return survivor.Kills;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}, killed {survivor.Kills} times; plan: {plan}; canvas: {canvas}", e);
        }
    }

    private static string Start(string text) => text.Length <= 2_000 ? text : text[..2_000] + "…";

    /// <summary>Every key that is due is charged, no other one is, and no try ran more often than the app died under it.</summary>
    private static void AssertCharges(Tasks.Receiver receiver, string id, Dictionary<string, string> due, int kills)
    {
        Assert.Equal(
            due.Select(d => ($"{id}:{d.Key}", d.Value)).Order(),
            receiver.Charged.Where(c => c.Key.StartsWith(id + ":", StringComparison.Ordinal)).Select(c => (c.Key, c.Value)).Order());
        foreach (IGrouping<(string Key, int Attempt), (string, int)> runs in receiver.Runs
            .Where(r => r.Key.StartsWith(id + ":", StringComparison.Ordinal)).GroupBy(r => r))
        {
            Assert.InRange(runs.Count(), 1, 1 + kills);
        }
    }
}
