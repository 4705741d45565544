using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chard.Functions.Tests.Fuzzing;

/// <summary>
/// Start documents that are good, nearly good and hopeless, the same for the same seed. Those that are accepted end within seconds:
/// nothing sleeps, and nothing fails in a way that is retried for minutes.
/// </summary>
internal sealed class RandomStarts(int seed, string mark)
{
    private static readonly string[] Texts =
        ["", " ", "x", "Answer", "answer", "Boom", "Echo", "Square", "Sum", "nope", "\0", "\u200b", "ä😀", "../..", "' or 1 eq 1", "a b",
            "$prev", "null"];

    private static readonly string[] Raw =
        ["1e999", "-0", "1.0000000000000000001", "\"\\ud800\"", "\"\\udc00x\"", "123456789012345678901234567890", "[[[[[[]]]]]]",
            "{\"\":{\"\":{}}}"];

    private readonly Random _random = new(seed);

    public byte[] Next() => _random.Next(10) switch
    {
        0 => Bytes(_random.Next(200)),
        1 => Encoding.UTF8.GetBytes(Garbage()),
        2 => Damaged(Encoding.UTF8.GetBytes(Document())),
        _ => Encoding.UTF8.GetBytes(Document()),
    };

    private string Document()
    {
        var members = new List<string>();
        if (_random.Next(4) == 0)
        {
            members.Add("\"canvas\":" + (_random.Next(8) == 0 ? Any() : Node(_random.Next(4))));
        }

        Add(members, members.Count == 0 ? 95 : 3, _random.Next(3) == 0 ? "task" : "workflow", Kind);
        Add(members, 60, "args", Any);
        Add(members, 40, "id", () => _random.Next(5) == 0 ? Any() : Quote($"f{mark}-{_random.Next(40)}"));
        Add(members, 20, "owner", () => Quote(Text()));
        Add(members, 10, "stamps", () => _random.Next(3) == 0 ? Any() : "[\"batch=1\",\"x\"]");
        Add(members, 10, "startAt", () => _random.Next(2) == 0 ? Any() : "\"2020-01-01T00:00:00Z\"");
        Add(members, 10, "expiresIn", () => _random.Next(2) == 0 ? Any() : "3600.5");
        Add(members, 5, "retry", () => _random.Next(2) == 0 ? Any() : "{\"attempts\":1}");
        Add(members, 5, "onExhausted", () => _random.Next(2) == 0 ? Any() : "\"skip\"");
        Add(members, 5, "route", () => _random.Next(2) == 0 ? Any() : "\"slow\"");
        Add(members, 5, "timeLimit", () => _random.Next(2) == 0 ? "30" : "\"x\"");
        Add(members, 3, Text(), Any);
        string[] shuffled = [.. members.OrderBy(_ => _random.Next())];
        return "{" + string.Join(",", shuffled) + "}";
    }

    private string Node(int depth) => (depth == 0 ? 0 : _random.Next(6)) switch
    {
        1 => $$"""{"chain":[{{Nodes(depth)}}]}""",
        2 => $$"""{"group":[{{Nodes(depth)}}],"failures":"collect"}""",
        3 => """{"chord":{"header":[""" + Nodes(depth) + """],"body":{"task":"Echo","args":"$prev"}}}""",
        4 => $$$"""{"map":{"task":"Square","over":[1,2,{{{_random.Next(9)}}}]}}""",
        5 => Any(),
        _ => $$"""{"task":{{Kind()}},"args":{{Any()}}}""",
    };

    private string Nodes(int depth) => string.Join(",", Enumerable.Range(0, _random.Next(4)).Select(_ => Node(depth - 1)));

    private void Add(List<string> members, int percent, string name, Func<string> value)
    {
        if (_random.Next(100) < percent)
        {
            members.Add($"{Quote(name)}:{value()}");
        }
    }

    private string Kind() => _random.Next(10) switch
    {
        0 => Any(),
        1 => Quote(Text()),
        2 => "\"Boom\"",
        < 6 => "\"Echo\"",
        6 => "\"Square\"",
        _ => "\"Answer\"",
    };

    private string Any() => _random.Next(8) switch
    {
        0 => Raw[_random.Next(Raw.Length)],
        1 => Quote(Text()),
        2 => _random.Next(-5, 100).ToString(CultureInfo.InvariantCulture),
        3 => "null",
        4 => _random.Next(2) == 0 ? "true" : "false",
        5 => Quote(new string('x', _random.Next(_random.Next(20) == 0 ? 60_000 : 300))),
        _ => Tree(_random.Next(_random.Next(10) == 0 ? 80 : 4))?.ToJsonString(new JsonSerializerOptions { MaxDepth = 200 }) ?? "null",
    };

    private JsonNode? Tree(int depth)
    {
        if (depth == 0)
        {
            return _random.Next(3) == 0 ? null : JsonValue.Create(_random.Next(3) == 0 ? Text() : "leaf");
        }

        if (_random.Next(2) == 0)
        {
            return new JsonArray(Tree(depth - 1), JsonValue.Create(_random.NextDouble()));
        }

        return new JsonObject { ["value"] = Tree(depth - 1), [Text()] = JsonValue.Create(depth) };
    }

    private string Text() => Texts[_random.Next(Texts.Length)];

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private string Garbage() =>
        string.Concat(Enumerable.Range(0, _random.Next(40)).Select(_ => "{}[]\",:0189truefalsnu\\ "[_random.Next(23)]));

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Damaged(byte[] document)
    {
        if (_random.Next(2) == 0)
        {
            return document[.._random.Next(document.Length)];
        }

        document[_random.Next(document.Length)] = (byte)_random.Next(256);
        return document;
    }
}
