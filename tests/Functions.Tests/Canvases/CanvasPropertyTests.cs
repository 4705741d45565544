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
}
