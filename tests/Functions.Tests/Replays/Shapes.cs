namespace Chard.Functions.Tests.Replays;

/// <summary>The canvases whose histories are kept: each shape of the interpreter, and each way a call can go.</summary>
internal static class Shapes
{
    // Costs nothing and gives [].
    private const string Filler = """{"group":[]}""";

    /// <summary>Start documents without their ids, by the name of the shape.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["task"] = """{"task":"Echo","args":{"value":1}}""",
        ["task-failed"] = """{"task":"Fail","args":{"kind":"permanent","message":"no such article"}}""",
        ["task-retried"] = """{"task":"Flaky","args":{"failures":2,"value":1}}""",
        ["task-rate-limited"] = """{"task":"Flaky","args":{"failures":2,"kind":"rateLimited","retryAfterSeconds":30,"value":1}}""",
        ["task-limited"] = """{"task":"Echo","args":1,"limit":"one"}""",
        ["task-skipped"] = """{"task":"Fail","args":{},"retry":{"attempts":1},"onExhausted":"skip"}""",
        ["task-parked"] = """{"task":"Flaky","args":{"failures":1,"value":2},"retry":{"attempts":1},"onExhausted":"park"}""",
        ["task-slow"] = """{"task":"Echo","args":1,"route":"slow"}""",
        ["task-slow-retried"] = """{"task":"Flaky","args":{"failures":1,"value":1},"route":"slow"}""",
        ["task-timed"] = """{"task":"Echo","args":1,"countdown":60,"expiresIn":3600}""",
        ["task-expires"] = Canvas("""{"task":"Sleep","args":{"seconds":0}}""", ",\"expiresIn\":3600"),
        ["task-on-error"] = Canvas("""{"task":"Fail","args":{},"retry":{"attempts":1},"onError":{"task":"Echo","args":"$prev/code"} }"""),
        ["chain"] = Canvas(
            """{"chain":[{"task":"Echo","args":[7]},{"task":"Echo","args":["$prev/0","$input"]},{"task":"Sum","args":"$prev"}]}""",
            ",\"args\":3"),
        ["chain-unpacked"] = Canvas("""{"chain":[{"task":"Echo","args":7},{"task":"Square"}],"pack":1}"""),
        ["chain-retried"] = Canvas("""{"chain":[{"task":"Echo","args":7},{"task":"Flaky","args":{"failures":1}},{"task":"Echo"}]}"""),
        ["group-unpacked"] = Canvas("""{"group":[{"task":"Echo","args":1},{"task":"Echo","args":2}],"pack":1}"""),
        ["group-retried"] = Canvas("""{"group":[{"task":"Echo","args":1},{"task":"Flaky","args":{"failures":1}}]}"""),
        ["group"] = Canvas("""{"group":[{"task":"Echo","args":1},{"task":"Echo","args":2},{"task":"Echo","args":3}],"maxInFlight":2}"""),
        ["group-collects"] = Canvas(
            """{"group":[{"task":"Echo","args":1},{"task":"Fail","args":{"kind":"permanent"} }],"failures":"collect"}"""),
        ["chord"] = Canvas("""{"chord":{"header":[{"task":"Square","args":2},{"task":"Square","args":3}],"body":{"task":"Sum"} } }"""),
        ["map"] = Canvas("""{"map":{"task":"Square","over":[1,2,3,4,5],"chunk":2} }"""),
        ["map-retried"] = Canvas("""
            {"map":{"task":"Flaky","chunk":3,"over":[
              {"failures":0,"value":1},{"failures":1,"value":2},{"failures":1,"kind":"rateLimited","value":3}
            ]} }
            """),
        ["map-collects"] = Canvas("""{"map":{"task":"Fail","over":[{"kind":"permanent"},{"kind":"permanent"}],"failures":"collect"} }"""),
        ["map-one-by-one"] = Canvas("""{"map":{"task":"Square","over":[1,2]},"limit":"one"}"""),
        ["map-wide"] = Canvas($$"""{"map":{"task":"Square","over":[{{string.Join(',', Enumerable.Range(0, 130))}}],"chunk":1} }"""),
        ["group-wide"] = Canvas($$"""{"group":[{"task":"Echo","args":1},{{Many(149)}}]}"""),
        ["chain-long"] = Canvas($$"""{"chain":[{"task":"Echo","args":1},{{Many(120)}},{"task":"Echo","args":["$prev"]}]}"""),
        ["nested"] = Canvas("""
            {"chord":{
              "header":[{"group":[{"chain":[{"task":"Echo","args":1},{"task":"Echo","args":["$prev"]}]},{"task":"Echo","args":2}]}],
              "body":{"task":"Echo"}
            } }
            """),
    };

    private static string Canvas(string node, string more = "") => $$"""{"canvas":{{node.Trim()}}{{more}}}""";

    private static string Many(int count) => string.Join(',', Enumerable.Repeat(Filler, count));
}
