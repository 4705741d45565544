using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Xunit;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Random canvases on the engine, every turn replayed from scratch, against <see cref="PlainEvaluator"/>.</summary>
public sealed class CanvasPropertyTests(CanvasHost host) : IClassFixture<CanvasHost>
{
    [Property(MaxTest = 300, EndSize = 1_000_000)]
    public async Task Canvas_OfPureTasks_GivesWhatThePlainEvaluatorGives(int seed)
    {
        JsonNode canvas = JsonNode.Parse(new RandomCanvases(seed).Node(depth: 4, hasPrev: false).ToJsonString())!;
        JsonNode input = JsonNode.Parse("""{"n":7,"list":["a",2]}""")!;
        (JsonNode? value, PlainEvaluator.Failed? failure) = new PlainEvaluator(input).Run(canvas);

        string actual = await host.RunAsync(canvas.ToJsonString(), input.ToJsonString());

        bool same = failure is not null
            ? actual == $"!{failure.Code}: {failure.Message} ({failure.Task})"
            : !actual.StartsWith('!') && JsonElement.DeepEquals(
                JsonElement.Parse(value?.ToJsonString() ?? "null"), JsonElement.Parse(actual));
        Assert.True(
            same, $"{canvas.ToJsonString()} gave {actual} and was to give {failure?.ToString() ?? value?.ToJsonString() ?? "null"}");
    }

    [Property(MaxTest = 100, EndSize = 1_000_000)]
    public async Task Canvas_PackedOrNot_LeavesTheSameRowsLettersAndResult(int seed)
    {
        JsonObject canvas = new RandomCanvases(seed, charges: true).Node(depth: 4, hasPrev: false);
        const string Input = """{"n":7,"list":["a",2]}""";

        string alone = await host.StartAsync(Packed(canvas, 1).ToJsonString(), Input);
        string aloneEnd = await host.EndAsync(alone);
        string packed = await host.StartAsync(Packed(canvas, 2 + (Math.Abs(seed % 5) * 20)).ToJsonString(), Input);

        Assert.Equal(aloneEnd, await host.EndAsync(packed));
        Assert.Equal(RowsOf(alone), RowsOf(packed));
        Assert.Equal(LettersOf(alone), LettersOf(packed));
    }

    /// <summary>The canvas with one size of packs everywhere, and time for them.</summary>
    private static JsonNode Packed(JsonNode node, int pack)
    {
        JsonNode copy = node.DeepClone();
        Strip(copy);
        copy["pack"] = pack;
        return copy;

        static void Strip(JsonNode? at)
        {
            switch (at)
            {
                case JsonObject node:
                    node.Remove("pack");
                    node.Remove("packSeconds");
                    foreach ((_, JsonNode? member) in node.ToArray())
                    {
                        Strip(member);
                    }

                    break;
                case JsonArray array:
                    foreach (JsonNode? member in array)
                    {
                        Strip(member);
                    }

                    break;
            }
        }
    }

    /// <summary>What each task's row says, but for the times and the run; a pack's own row is nobody's.</summary>
    private IEnumerable<string> RowsOf(string id) => host.Stores.Ledger.Rows
        .Where(r => r.Key.WorkflowId == id && r.Key.Path.AsSpan().IndexOfAny('-', '~') < 0)
        .Select(r => $"{r.Key.Shard}/{r.Key.Path} {r.Task} {r.Status} {r.Turn} {r.Result?.ToElement().GetRawText()} "
            + $"{r.Failure?.Code} {r.Failure?.Message}")
        .Order(StringComparer.Ordinal);

    private IEnumerable<string> LettersOf(string id) => host.Stores.DeadLetters.Values
        .Where(l => l.WorkflowId == id)
        .Select(l => $"{l.Path} {l.Task} {l.Class} {l.Kind} {l.Message} {l.Attempts} {l.Args?.GetRawText()} "
            + string.Join('|', l.Chain.Select(c => c.Type + ":" + c.Message)))
        .Order(StringComparer.Ordinal);
}
