using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chard.Canvases;
using Chard.Domain.Canvases;
using Chard.Domain.Json;
using Chard.Functions.Tests.InMemory;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Large documents: what stays of them in history, and that they run as if they were small.</summary>
public sealed class CanvasFolderTests(CanvasHost host) : IClassFixture<CanvasHost>
{
    private const int MessageLimit = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Fold_LargeDocuments_LeaveASmallOutlineThatRunsTheSame(int seed)
    {
        // Random canvases, side by side and one after another, with arguments that make the document large.
        var random = new Random(seed);
        JsonNode?[] members =
            [.. Enumerable.Range(0, 130).Select(i => (JsonNode?)new RandomCanvases((seed * 1_000) + i).Node(2, hasPrev: true))];
        var canvas = new JsonObject
        {
            ["chain"] = new JsonArray(
                new JsonObject { ["task"] = "Echo", ["args"] = new JsonObject
                {
                    ["text"] = new string('x', 20_000 + random.Next(20_000)), ["n"] = "$input/n"
                } },
                new JsonObject { ["group"] = new JsonArray(members), ["failures"] = "collect" },
                new JsonObject
                {
                    ["chord"] = new JsonObject
                    {
                        ["header"] = new JsonArray(
                            [.. Enumerable.Range(0, 300).Select(i => (JsonNode?)new JsonObject { ["task"] = "Echo", ["args"] = i })]),
                        ["body"] = new JsonObject { ["task"] = "Sum" },
                    },
                },
                new JsonObject { ["map"] = new JsonObject
                {
                    ["task"] = "Echo", ["args"] = new JsonArray("$item", "$prev", new string('y', 5_000)),
                    ["over"] = new JsonArray([.. Enumerable.Range(0, 2_000).Select(i => (JsonNode?)i)])
                } }),
        };
        const string Input = """{"n":7,"list":["a",2]}""";
        string json = canvas.ToJsonString();

        (JsonNode? expected, PlainEvaluator.Failed? failure) = new PlainEvaluator(JsonNode.Parse(Input)).Run(JsonNode.Parse(json)!);
        string id = await host.StartAsync(json, Input);

        string actual = await host.EndAsync(id);

        Assert.Null(failure);
        Assert.False(actual.StartsWith('!'), actual);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected!.ToJsonString()), JsonElement.Parse(actual)), $"Seed {seed}");
        OrchestrationMetadata root = (await host.Durable.GetInstanceAsync(id, getInputsAndOutputs: true))!;
        Assert.InRange(Encoding.UTF8.GetByteCount(root.SerializedInput!), 1, CanvasFolder.MaxDocumentBytes * 2);
    }

    [Fact]
    public async Task Fold_TenThousandNodes_GivesAnOutlineFarBelowAMessage()
    {
        string canvas = """{"group":["""
            + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"task":"Echo","args":["{{new string('x', 100)}}{{i}}"]}"""))
            + "]}";
        var payloads = new InMemoryPayloadStore();
        using var folder = new CanvasFolder(payloads, "wf", _ => false);

        ReadOnlyMemory<byte> outline = await folder.FoldAsync(JsonElement.Parse(canvas), default);

        var group = (GroupNode)CanvasReader.Read(JsonElement.Parse(outline.Span));
        Assert.Equal((10_000, 0), (group.Count, group.Members.Count));
        Assert.InRange(outline.Length, 1, MessageLimit / 20);
        Assert.All(group.Parts!, p => Assert.InRange(p.Count, 1, CanvasLimits.MaxWidth));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i * 100), group.Parts!.Select(p => p.First));
    }

    [Fact]
    public async Task Fold_DeepAndWideAtEveryLevel_KeepsEveryPartSmall()
    {
        string node = """{"task":"Echo","args":1}""";
        for (int level = 0; level < 20; level++)
        {
            string wide = string.Join(',', Enumerable.Repeat($$"""{"task":"Echo","args":"{{new string('a', 200)}}"}""", 300));
            node = $$"""{"chain":[{"group":[{{wide}}]},{{node}}]}""";
        }

        var payloads = new InMemoryPayloadStore();
        using var folder = new CanvasFolder(payloads, "wf", _ => false);

        ReadOnlyMemory<byte> outline = await folder.FoldAsync(JsonElement.Parse(node, CanvasReader.Deep), default);

        Assert.InRange(outline.Length, 1, MessageLimit / 8);
        Assert.All(payloads.Sizes, size => Assert.InRange(size, 1, MessageLimit / 8));
    }

    [Fact]
    public async Task Fold_Twice_WritesTheSameUnderTheSameNames()
    {
        string canvas = """{"group":[""" + string.Join(',', Enumerable.Range(0, 2_000).Select(i => $$"""{"task":"Echo","args":{{i}}}"""))
            + "]}";
        var payloads = new InMemoryPayloadStore();
        using var one = new CanvasFolder(payloads, "wf", _ => false);
        using var other = new CanvasFolder(payloads, "wf", _ => false);

        byte[] first = (await one.FoldAsync(JsonElement.Parse(canvas), default)).ToArray();
        int stored = payloads.Sizes.Count;
        byte[] second = (await other.FoldAsync(JsonElement.Parse(canvas), default)).ToArray();

        Assert.Equal(first, second);
        Assert.Equal(stored, payloads.Sizes.Count);
    }

    [Fact]
    public async Task Fold_SmallDocument_StaysAsItIs()
    {
        const string Canvas = """{"chord":{"header":[{"task":"Echo","args":{"a":"$input"}}],"body":"""
            + """{"task":"Sum"}},"failures":"collect","onError":{"task":"Echo"}}""";
        using var folder = new CanvasFolder(new InMemoryPayloadStore(), "wf", _ => false);

        Assert.Equal(Canvas, Encoding.UTF8.GetString((await folder.FoldAsync(JsonElement.Parse(Canvas), default)).Span));
    }

    [Fact]
    public void Parse_MembersOfAFoldedDocument_AreNoAuthors()
    {
        foreach (string canvas in new[]
        {
            """{"task":"Echo","argsRef":{"blob":"other/secret","sha256":"","bytes":1}}""",
            """{"group":[],"parts":[]}""",
            """{"map":{"task":"Echo","over":[],"overRef":{}}}""",
        })
        {
            CanvasParser.Parse(JsonElement.Parse(canvas), new AnyTask(), out IReadOnlyList<JsonFault> faults);
            Assert.Contains(faults, f => f.Message.Contains("There is no member", StringComparison.Ordinal));
        }
    }

    private sealed class AnyTask : ICanvasTasks
    {
        public IReadOnlyCollection<string> Names => ["Echo"];

        public IReadOnlyCollection<string> Limits => [];

        public IEnumerable<JsonFault> Check(string task, JsonElement args) => [];
    }
}
