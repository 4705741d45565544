namespace Chard.Functions.Tests.Canvases;

/// <summary>A canvas of charges, one of which stands in its middle: what a test holds up, pauses, cancels or parks.</summary>
/// <param name="Canvas">The document.</param>
/// <param name="Middle">Position of the charge in the middle.</param>
/// <param name="Next">Position of the charge that comes after it; null if none does.</param>
/// <param name="Result">The canvas's result, from the result of the one in the middle.</param>
/// <param name="Row">Position of the row that says that the middle runs; null for its own. What is in a pack has that of
/// the pack.</param>
/// <param name="NextRunsAfterFailure">True if the next one runs although the middle has failed, as members of a group do.</param>
internal sealed record CanvasShape(
    string Canvas, string Middle, string? Next, Func<string, string> Result, string? Row = null, bool NextRunsAfterFailure = false)
{
    private const string Held = """{"task":"Charge","args":"m","onExhausted":"park"}""";

    // Costs nothing and gives [].
    private const string Filler = """{"group":[]}""";

    private const string After = """{"group":[{"task":"Charge","args":"z"},{"task":"Echo","args":"$prev"}]}""";

    public static IReadOnlyDictionary<string, CanvasShape> All { get; } = new Dictionary<string, CanvasShape>
    {
        ["task"] = new(Held, "0", null, m => m, Row: "pack~0"),
        ["chain in a pack"] = new(
            $$"""{"chain":[{{Charge("a")}},{{Held}},{{Charge("z")}}],"pack":5}""", "0.1", "0.2", _ => "\"charged z\"", Row: "pack~0"),
        ["chain"] = new($$"""{"chain":[{{Charge("a")}},{{Held}},{{After}}]}""", "0.1", "0.2.0", m => $"""["charged z",{m}]"""),
        ["group"] = new(
            $$"""{"group":[{{Charge("a")}},{{Held}},{{Charge("b")}}],"maxInFlight":1}""", "0.1", "0.2",
            m => $"""["charged a",{m},"charged b"]""", NextRunsAfterFailure: true),
        ["chord header"] = new(
            $$$"""{"chord":{"header":[{{{Charge("a")}}},{{{Held}}}],"body":{{{After}}}}}""", "0.h.1", "0.b.0",
            m => $"""["charged z",["charged a",{m}]]"""),
        ["chord body"] = new(
            $$$"""{"chain":[{"chord":{"header":[{{{Charge("a")}}}],"body":{{{Held}}}}},{{{After}}}]}""", "0.0.b", "0.1.0",
            m => $"""["charged z",{m}]"""),
        ["map"] = new(
            $$"""{"chain":[{"map":{"task":"Charge","over":["a","m","b"],"chunk":3},"onExhausted":"park"},{{After}}]}""",
            "0.0.1", "0.1.0", m => $"""["charged z",["charged a",{m},"charged b"]]""", Row: "pack~0.0.0-2"),
        ["map in several chunks"] = new(
            """{"map":{"task":"Charge","over":["a","m","b"],"chunk":1,"maxInFlight":1},"onExhausted":"park"}""",
            "0.1", "0.2", m => $"""["charged a",{m},"charged b"]""", Row: "pack~0.1-1", NextRunsAfterFailure: true),
        ["wide group in parts"] = new(
            $$"""{"group":[{{Join(Wide(Filler, Charge("a"), Held, Charge("b")))}}],"maxInFlight":100}""",
            "0.50", "0.100", m => $"[{Join(Wide("[]", "\"charged a\"", m, "\"charged b\""))}]", NextRunsAfterFailure: true),
        ["long chain in parts"] = new(
            $$"""{"chain":[{{Charge("a")}},{{Join(Enumerable.Repeat(Filler, 100))}},{{Held}},{{After}}]}""", "0.101", "0.102.0",
            m => $"""["charged z",{m}]"""),
        ["chain in group in chord"] = new(
            $$$"""{"chord":{"header":[{{{Charge("a")}}},{"group":[{"chain":[{{{Charge("b")}}},{{{Held}}},"""
                + $$$"""{{{After}}}]}]}],"body":{{{After}}}}}""",
            "0.h.1.0.1", "0.h.1.0.2.0", m => $"""["charged z",["charged a",[["charged z",{m}]]]]"""),
        ["onError"] = new(
            $$"""{"chain":[{"task":"Fail","args":{},"onError":{{Held}}},{{After}}]}""", "0.0.e", "0.1.0", m => $"""["charged z",{m}]"""),
    };

    public string RowAtWork => Row ?? Middle;

    private static string Charge(string what) => $$"""{"task":"Charge","args":"{{what}}"}""";

    private static string Join(IEnumerable<string> texts) => string.Join(',', texts);

    private static string[] Wide(string filler, string first, string middle, string next)
    {
        string[] members = [.. Enumerable.Repeat(filler, 150)];
        (members[0], members[50], members[100]) = (first, middle, next);
        return members;
    }
}
