using System.Text.Json;
using Chard.Canvases;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Where a canvas is cut into orchestrations of its own, by what is below its nodes.</summary>
public sealed partial class RunCanvasDecisionTests
{
    [Fact]
    public async Task Group_OfLongChains_RunsEachApartAndAllAtOnce()
    {
        string chain = $$"""{"chain":[{{string.Join(',', Enumerable.Repeat("""{"task":"Echo"}""", 100))}}]}""";
        Task<NodeOutcome> run = Run($$"""{"group":[{{string.Join(',', Enumerable.Repeat(chain, 21))}}]}""");

        Assert.Equal(Enumerable.Range(0, 21).Select(i => $"w1.0.{i}-{i}"), Parts.Select(p => p.InstanceId));
        foreach (int i in Enumerable.Range(0, 21))
        {
            EndPart($"w1.0.{i}-{i}", $"[{i}]");
        }

        Assert.Equal(Enumerable.Range(0, 21), (await Ended(run)).Result!.ToElement().Deserialize<int[]>()!);
        Assert.Empty(Calls);
    }

    [Fact]
    public async Task Part_ThatIsTooMuchItself_IsCutAgainUnderOtherNames()
    {
        string chord =
            $$"""{"chord":{"header":[{{string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":1}""", 59))}}],"body":{"task":"Sum"} """
                + $$"""} }""";
        JsonElement nodes = JsonElement.Parse($"[{string.Join(',', Enumerable.Repeat(chord, 3))}]");

        Task<PartOutcome> run = NewRun().RunPartAsync(
            new()
            {
                Kind = CanvasPartKind.Members, Nodes = nodes, First = 6, Path = "0", Input = TaskValue.Null, Options = NodeOptions.None,
                Shard = "g0"
            });

        Assert.Equal(["w1.0.6-6", "w1.0.7-7", "w1.0.8-8"], Parts.Select(p => p.InstanceId));
        Assert.All(Parts, p => Assert.Equal("g0", p.Input.Args.Shard));
        EndPart("w1.0.6-6", "[1]");
        EndPart("w1.0.8-8", "[3]");
        EndPart("w1.0.7-7", "[2]");
        Assert.Equal("[1,2,3]", (await Ended(run)).Results.ToElement().GetRawText());
    }

    [Fact]
    public async Task Chord_WhoseHeaderAndBodyAreTooMuchTogether_RunsItsBodyApart()
    {
        string members = string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":1}""", 10_000));
        string body = string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":1}""", 99));
        Task<NodeOutcome> run = Run(
            $$"""{"chord":{"header":[{{members}}],"body":{"chain":[{"group":[{{body}}]},{"task":"Sum"}],"onError":{"task":"Echo"} } } }""");

        Assert.Equal(10, Parts.Count);
        for (int i = 0; i < 100; i++)
        {
            EndPart(Parts[i].InstanceId, "[1]");
        }

        Assert.Equal(
            ("w1.0.b", CanvasPartKind.Node, "0.b"), (Parts[^1].InstanceId, Parts[^1].Input.Args.Kind, Parts[^1].Input.Args.Path));
        EndPart("w1.0.b", "5");
        Assert.Equal(5, (await Ended(run)).Result!.ToElement().GetInt32());
        Assert.Empty(Calls);
    }

    /// <summary>Items that are calls of their own, more of them in a chunk than a history should hold: one part after another.</summary>
    [Fact]
    public async Task Chunk_OfManyCalls_RunsInPartsOneAfterAnother()
    {
        JsonElement map = JsonElement.Parse("""{"map":{"task":"Echo","failures":"collect"}}""");
        TaskValue items = TaskValue.Of(JsonSerializer.SerializeToElement(Enumerable.Range(0, 250)));

        Task<PartOutcome> run = NewRun().RunPartAsync(new()
        {
            Kind = CanvasPartKind.Chunks, Map = map, Chunks = new(5_000, 250, [items]), First = 3, Path = "0", Input = TaskValue.Null,
            Options = new() { Limit = "one" },
        });

        Assert.Equal(["w1.0.750-849-items"], Parts.Select(p => p.InstanceId));
        EndPart("w1.0.750-849-items", "[0]", 2, new("fail", "no", "Echo", "0.760"));
        EndPart("w1.0.850-949-items", "[1]");
        Assert.Equal((200, 50, 950), (Parts[2].Input.Args.Skip, Parts[2].Input.Args.Take, Parts[2].Input.Args.First));
        EndPart("w1.0.950-999-items", "[2]");

        PartOutcome outcome = await Ended(run);
        Assert.Equal(("[0,1,2]", 2, "0.760"), (outcome.Results.ToElement().GetRawText(), outcome.Failed, outcome.First!.Path));
        Assert.Empty(Calls);
    }

    [Fact]
    public async Task Items_OfAPart_AreThoseOfItsRangeAtTheirOwnPositions()
    {
        JsonElement map = JsonElement.Parse("""{"map":{"task":"Echo","failures":"collect"}}""");
        TaskValue items = TaskValue.Of(JsonSerializer.SerializeToElement(new[] { "a", "b", "c", "d" }));

        Task<PartOutcome> run = NewRun().RunPartAsync(new()
        {
            Kind = CanvasPartKind.Items, Map = map, Chunks = new(4, 4, [items]), First = 501, Skip = 1, Take = 2, Collect = true,
            Path = "0", Input = TaskValue.Null, Options = NodeOptions.None,
        });
        Answer("0.501", 1);
        Fail("0.502");

        PartOutcome outcome = await Ended(run);
        Assert.Equal(["b", "c"], Calls.Select(c => c.Args.ToElement().GetString()));
        Assert.Equal((1, "0.502"), (outcome.Failed, outcome.First!.Path));
        Assert.StartsWith("[1,{", outcome.Results.ToElement().GetRawText(), StringComparison.Ordinal);
    }
}
