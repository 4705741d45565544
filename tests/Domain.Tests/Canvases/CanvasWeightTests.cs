using System.Text.Json;
using Chard.Domain.Canvases;
using FsCheck;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.Canvases;

public sealed class CanvasWeightTests
{
    private const string Task = """{"task":"A"}""";

    [Theory]
    [InlineData(Task, 1)]
    [InlineData("""{"task":"A","onError":{"task":"B"}}""", 2)]
    [InlineData("""{"group":[]}""", 1)]
    [InlineData("""{"chain":[{"task":"A"},{"group":[{"task":"A"},{"task":"B"}]}]}""", 3)]
    [InlineData("""{"chord":{"header":[{"task":"A"},{"task":"B"}],"body":{"task":"C"}}}""", 3)]
    [InlineData("""{"map":{"task":"A","over":"$prev"}}""", 32)]
    [InlineData("""{"map":{"task":"A","over":"$prev","chunk":5}}""", 100)]
    [InlineData("""{"map":{"task":"A","over":[1,2,3,4,5],"chunk":2}}""", 3)]
    [InlineData("""{"map":{"task":"A","over":[]}}""", 1)]
    public void Of_CountsTheCallsOfANode(string node, int calls) => Assert.Equal(calls, CanvasWeight.Of(Read(node)));

    [Fact]
    public void Of_NodesThatAreCut_CountsTheirParts()
    {
        string chain = $$"""{"chain":[{{Many(150, Task)}}]}""";
        Assert.Equal(2, CanvasWeight.Of(Read(chain)));
        Assert.Equal(42, CanvasWeight.Of(Read($$"""{"group":[{{Many(21, chain)}}]}""")));
        Assert.Equal(100, CanvasWeight.Of(Read($$"""{"group":[{{Many(10_000, Task)}}]}""")));
        string wide = $$"""{"group":[{{Many(10_000, Task)}}]}""";
        Assert.Equal(104, CanvasWeight.Of(
            Read($$"""{"chord":{"header":[{{Many(10_000, Task)}}],"body":{"group":[{{Many(101, Task)}}],"onError":{{chain}} } } }""")));
        Assert.Equal(101, CanvasWeight.Of(
            Read($$"""{"chord":{"header":[{{Many(10_000, Task)}}],"body":{"chain":[{{wide}}],"onError":{{Task}} } } }""")));
    }

    /// <summary>Whatever the weights: every node is in one part, in order; parts are few; and none is heavy unless it must be.</summary>
    [Property(MaxTest = 500)]
    public void Cut_AnyWeights_CoversAllInOrder(PositiveInt[] given, PositiveInt scale)
    {
        int[] weights = [.. given.SelectMany(w => Enumerable.Repeat(Math.Min(w.Get, 200), (scale.Get % 50) + 1))];

        IReadOnlyList<(int First, int Count)> parts = CanvasWeight.Cut(weights);

        Assert.Equal(Enumerable.Range(0, weights.Length), parts.SelectMany(p => Enumerable.Range(p.First, p.Count)));
        Assert.InRange(parts.Count, 1, (2 * CanvasWeight.Max) + 1);
        int total = weights.Sum();
        Assert.Equal(total <= CanvasWeight.Max || weights.Length == 1, parts.Count == 1);
        int most = Math.Max(CanvasWeight.Max, (total / CanvasWeight.Max) + 1);
        Assert.All(parts, p => Assert.True(p.Count == 1 || weights.Skip(p.First).Take(p.Count).Sum() <= most));
    }

    private static CanvasNode Read(string json) => CanvasReader.Read(JsonElement.Parse(json));

    private static string Many(int count, string node) => string.Join(',', Enumerable.Repeat(node, count));
}
