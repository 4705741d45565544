using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Json;
using Chard.Domain.Tasks;

namespace Chard.Domain.Tests.Canvases;

public sealed class CanvasParserTests
{
    private static readonly FakeTasks Tasks = new();

    [Fact]
    public void Parse_EveryKindOfNode_GivesItsModel()
    {
        CanvasNode node = Accept("""
            { "chain": [
                { "task": "Echo", "args": { "value": 1 }, "id": "first", "route": "slow",
                  "retry": { "attempts": 2, "firstDelaySeconds": 0.5 } },
                { "group": [ { "task": "Square", "args": 2 }, { "task": "Square", "args": "$prev/value" } ],
                  "maxInFlight": 5, "failures": { "tolerate": 1 } },
                { "chord": { "header": [ { "task": "Square", "args": 3 } ], "body": { "task": "Sum" } }, "failures": "collect" },
                { "map": { "task": "Square", "over": "$prev", "chunk": 10 }, "onExhausted": "park",
                  "countdown": 5, "expiresIn": 60, "timeLimit": 30, "onError": { "task": "Echo" } }
            ] }
            """);

        var chain = Assert.IsType<ChainNode>(node);
        var echo = Assert.IsType<TaskNode>(chain.Steps[0]);
        Assert.Equal(("Echo", "first", 2, 0.5), (echo.Task, echo.Id, echo.Options.Retry!.Attempts, echo.Options.Retry.FirstDelaySeconds));
        Assert.Equal(
            [TaskRoute.Slow, null], [echo.Options.Route, CanvasReader.Read(JsonElement.Parse("""{"task":"Echo"}""")).Options.Route]);
        Assert.Equal(TaskRoute.Fast, CanvasReader.Read(JsonElement.Parse("""{"task":"Echo","route":"fast"}""")).Options.Route);
        var group = Assert.IsType<GroupNode>(chain.Steps[1]);
        Assert.Equal((2, 5, FailureRule.Tolerate(1)), (group.Members.Count, group.MaxInFlight, group.Failures));
        var chord = Assert.IsType<ChordNode>(chain.Steps[2]);
        Assert.Equal(FailureRule.CollectAll, chord.Header.Failures);
        Assert.Equal("Sum", Assert.IsType<TaskNode>(chord.Body).Task);
        var map = Assert.IsType<MapNode>(chain.Steps[3]);
        Assert.Equal(
            ("Square", 10, OnExhausted.Park, 5d, 60d, 30d),
            (map.Task, map.Chunk, map.Options.OnExhausted, map.CountdownSeconds, map.ExpiresInSeconds, map.TimeLimitSeconds));
        Assert.IsType<TaskNode>(map.OnError);
    }

    [Theory]
    [InlineData("""[1]""", "", "A node is an object")]
    [InlineData("""{}""", "", "has none")]
    [InlineData("""{"task":"Echo","chain":[]}""", "", "task and chain")]
    [InlineData("""{"task":"Ecko","args":1}""", "/task", "Did you mean 'Echo'?")]
    [InlineData("""{"task":7}""", "/task", "name of a task")]
    [InlineData("""{"chain":[]}""", "/chain", "one node or more")]
    [InlineData("""{"chain":[{"task":"Echo","args":1},{"task":"Nope"}]}""", "/chain/1/task", "There is no task 'Nope'. There are: Echo")]
    [InlineData("""{"group":{}}""", "/group", "array of nodes")]
    [InlineData("""{"chord":{"header":[]}}""", "/chord", "has a body")]
    [InlineData("""{"chord":{"body":{"task":"Sum"}}}""", "/chord/header", "array of nodes")]
    [InlineData("""{"map":{"task":"Square"}}""", "/map", "A map is an object")]
    [InlineData("""{"map":{"task":"Square","over":5}}""", "/map/over", "a reference to one")]
    [InlineData("""{"map":{"task":"Square","over":[1,"x"]}}""", "/map/over/1", "a number")]
    [InlineData("""{"task":"Square","args":"x"}""", "/args", "a number")]
    [InlineData("""{"task":"Echo","args":"$prev"}""", "/args", "nothing comes before")]
    [InlineData("""{"task":"Echo","args":{"a":["$item"]}}""", "/args/a/0", "in the args of a map only")]
    [InlineData("""{"task":"Echo","args":1,"retries":3}""", "/retries", "Did you mean 'retry'?")]
    [InlineData("""{"task":"Echo","args":1,"retry":{"attempts":0}}""", "/retry/attempts", "from 1 to 100")]
    [InlineData("""{"task":"Echo","args":1,"retry":{"attempts":1.5}}""", "/retry/attempts", "whole number")]
    [InlineData("""{"task":"Echo","args":1,"onExhausted":"explode"}""", "/onExhausted", "fail, park, skip")]
    [InlineData("""{"task":"Echo","args":1,"route":"scenic"}""", "/route", "fast, slow")]
    [InlineData("""{"task":"Echo","args":1,"limit":"databse"}""", "/limit", "There is no limit 'databse'. There are: database, mail.")]
    [InlineData("""{"task":"Echo","args":1,"limit":7}""", "/limit", "1 to 64 characters")]
    [InlineData("""{"task":"Echo","args":1,"countdown":-1}""", "/countdown", "from 0 to")]
    [InlineData("""{"group":[],"failures":"maybe"}""", "/failures", "\"collect\"")]
    [InlineData("""{"group":[],"maxInFlight":0}""", "/maxInFlight", "from 1 to")]
    [InlineData("""{"task":"Echo","args":1,"onError":{"task":"Gone"}}""", "/onError/task", "no task 'Gone'")]
    [InlineData("""{"task":"Echo","args":1,"id":""}""", "/id", "1 to 64 characters")]
    [InlineData("""{"task":"Echo","args":1,"stamps":"customer=7"}""", "/stamps", "an array of labels")]
    [InlineData("""{"task":"Echo","args":1,"stamps":["ok",7]}""", "/stamps", "an array of labels")]
    [InlineData("""{"group":[{"map":{"task":"Square","over":[]},"stamps":["two words"]}]}""", "/group/0/stamps", "A-Z, a-z, 0-9")]
    [InlineData("""{"task":"Echo","args":1,"stamps":["same","same"]}""", "/stamps", "different labels")]
    [InlineData("""{"map":{"task":"Square","over":[],"stamps":["a"]}}""", "/map/stamps", "no member 'stamps' here")]
    public void Parse_AFault_IsNamedAtItsPlace(string canvas, string at, string message)
    {
        JsonFault fault = Assert.Single(Refuse(canvas));

        Assert.Equal(at, fault.Pointer);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralFaults_AreAllTold()
    {
        IReadOnlyList<JsonFault> faults = Refuse("""{"chain":[{"task":"A","args":1},{"group":[{"task":"B"},{"chord":{}}]},5]}""");

        Assert.Equal(
            ["/chain/0/task", "/chain/1/group/0/task", "/chain/1/group/1/chord/header", "/chain/1/group/1/chord", "/chain/2"],
            faults.Select(f => f.Pointer));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Parse_Depth_IsBounded(int depth, bool accepted)
    {
        string canvas = string.Concat(Enumerable.Repeat("""{"chain":[""", depth - 1)) + """{"task":"Echo","args":1}"""
            + string.Concat(Enumerable.Repeat("]}", depth - 1));

        JsonElement document = JsonElement.Parse(canvas, new JsonDocumentOptions { MaxDepth = CanvasLimits.MaxJsonDepth });
        Assert.Equal(accepted, CanvasParser.Parse(document, Tasks, out _) is not null);
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Parse_NumberOfNodes_IsBounded(int members, bool accepted)
    {
        string canvas = $$"""{"group":[{{string.Join(",", Enumerable.Repeat("""{"task":"Echo","args":1}""", members))}}]}""";

        Assert.Equal(accepted, CanvasParser.Parse(JsonElement.Parse(canvas), Tasks, out IReadOnlyList<JsonFault> faults) is not null);
        Assert.Equal(accepted ? 0 : 1, faults.Count);
    }

    [Fact]
    public void Parse_ReferencesInsideAGroup_SeeWhatCameBeforeTheGroup()
    {
        Accept("""{"chain":[{"task":"Echo","args":1},{"group":[{"task":"Square","args":"$prev"},{"task":"Square"}]}]}""");
        Assert.Equal("/group/0/args", Assert.Single(Refuse("""{"group":[{"task":"Square","args":"$prev"}]}""")).Pointer);
    }

    [Theory]
    [InlineData("""{"chain":[{"task":"Echo","args":1,"stamps":["n1","n2"]}],"stamps":["c1","c2"]}""", "/chain/0/stamps")]
    [InlineData("""{"task":"Echo","args":1,"stamps":["n1","n2"],"onError":{"task":"Echo","stamps":["e1","e2"]}}""", "/onError/stamps")]
    [InlineData("""{"chord":{"header":[],"body":{"task":"Sum","stamps":["b1","b2","b3","b4"]}}}""", "/chord/body/stamps")]
    public void Parse_MoreStampsThanSixteenWithThoseInherited_IsAFaultWhereTheyComeTogether(string canvas, string at)
    {
        string[] most = [.. Enumerable.Range(0, 12).Select(i => $"w{i}")];
        JsonElement document = JsonElement.Parse(canvas);

        Assert.NotNull(CanvasParser.Parse(document, Tasks, out _, most));
        Assert.Null(CanvasParser.Parse(document, Tasks, out IReadOnlyList<JsonFault> faults, [.. most, "w12"]));
        JsonFault fault = Assert.Single(faults);
        Assert.Equal(at, fault.Pointer);
        Assert.Contains("17 stamps here; 16 are the most", fault.Message, StringComparison.Ordinal);

        string[] all = [.. Enumerable.Range(0, 16).Select(i => $"w{i}")];
        Assert.NotNull(CanvasParser.Parse(JsonElement.Parse("""{"task":"Echo","args":1,"stamps":["w3"]}"""), Tasks, out _, all));
    }

    [Fact]
    public void Read_Stamps_AreThoseOfTheNode() =>
        Assert.Equal(
            ["customer=7", "x"], CanvasReader.Read(JsonElement.Parse("""{"task":"Echo","stamps":["customer=7","x"]}""")).Options.Stamps!);

    [Fact]
    public void Parse_ManyFaults_AreCutOff()
    {
        string canvas = $$"""{"group":[{{string.Join(",", Enumerable.Repeat("1", 500))}}]}""";

        Assert.Equal(CanvasLimits.MaxFaults, Refuse(canvas).Count);
    }

    private static CanvasNode Accept(string canvas)
    {
        CanvasNode? node = CanvasParser.Parse(JsonElement.Parse(canvas), Tasks, out IReadOnlyList<JsonFault> faults);
        Assert.Empty(faults);
        return node!;
    }

    private static IReadOnlyList<JsonFault> Refuse(string canvas)
    {
        Assert.Null(CanvasParser.Parse(JsonElement.Parse(canvas), Tasks, out IReadOnlyList<JsonFault> faults));
        return faults;
    }

    /// <summary>Echo takes anything, Square a number, Sum an array.</summary>
    private sealed class FakeTasks : ICanvasTasks
    {
        public IReadOnlyCollection<string> Names => ["Echo", "Square", "Sum"];

        public IReadOnlyCollection<string> Limits => ["database", "mail"];

        public IEnumerable<JsonFault> Check(string task, JsonElement args)
        {
            if (task == "Square" && args.ValueKind != JsonValueKind.Number)
            {
                yield return new("", "Square takes a number.");
            }

            if (task == "Sum" && args.ValueKind != JsonValueKind.Array)
            {
                yield return new("", "Sum takes an array of numbers.");
            }
        }
    }
}
