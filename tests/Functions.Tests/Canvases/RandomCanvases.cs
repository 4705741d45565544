using System.Text.Json.Nodes;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// Canvases of pure tasks and of tasks that fail for good, as a seed says; and of charges and of values that travel by reference if they
/// are asked for.
/// </summary>
internal sealed class RandomCanvases(int seed, bool charges = false, bool large = false)
{
    /// <summary>Begins what is charged on a first try that then fails.</summary>
    public const string UnsurePrefix = "unsure";

    private readonly Random _random = new(seed);

    public JsonObject Node(int depth, bool hasPrev)
    {
        JsonObject node = (depth <= 0 ? _random.Next(4) : _random.Next(9)) switch
        {
            0 or 1 when charges && _random.Next(2) == 0 => new() { ["task"] = "Charge", ["args"] = Amount() },
            0 or 1 when large && _random.Next(2) == 0 => new()
            {
                ["task"] = "Grow", ["args"] = new JsonObject { ["text"] = "g" + _random.Next(10), ["times"] = 5_000 + _random.Next(20_000) }
            },
            0 or 1 => Echo(hasPrev),
            2 => new() { ["task"] = "Square", ["args"] = _random.Next(100) },
            3 => new() { ["task"] = "Fail", ["args"] = new JsonObject { ["message"] = "m" + _random.Next(10) } },
            4 or 5 => new() { ["chain"] = Nodes(1 + _random.Next(3), index => Node(depth - 1, hasPrev || index > 0)) },
            6 => WithRule(new() { ["group"] = Nodes(_random.Next(5), _ => Node(depth - 1, hasPrev)) }, bounded: true),
            7 => WithRule(Chord(depth, hasPrev), bounded: true),
            _ => new() { ["map"] = Map(hasPrev) },
        };
        if (_random.Next(10) == 0)
        {
            node["onExhausted"] = _random.Next(3) > 0 ? "skip" : "fail";
        }

        if (_random.Next(4) == 0)
        {
            node["pack"] = 1 + _random.Next(6);
        }

        if (_random.Next(12) == 0)
        {
            // Over before the first task has ended: all but the first ones go back.
            node["packSeconds"] = 0.001;
        }

        if (_random.Next(6) == 0 && depth > 0)
        {
            node["onError"] = Node(depth - 1, hasPrev: true);
        }

        if (_random.Next(12) == 0)
        {
            node["countdown"] = _random.Next(100);
        }

        return node;
    }

    private JsonObject Echo(bool hasPrev)
    {
        var node = new JsonObject { ["task"] = "Echo" };
        if (_random.Next(5) > 0)
        {
            node["args"] = Template(hasPrev);
        }

        return node;
    }

    /// <summary>Every third is one whose first answer gets lost.</summary>
    private string Amount() => (_random.Next(3) == 0 ? UnsurePrefix : "c") + _random.Next(1000);

    private JsonNode? Template(bool hasPrev) => _random.Next(7) switch
    {
        0 when hasPrev => "$prev",
        1 when hasPrev => new JsonObject { ["a"] = new JsonArray("$prev", 1), ["b"] = "$input" },
        2 when hasPrev => "$prev/" + _random.Next(3),
        3 => new JsonArray("$input/n", "text", null),
        4 => "$input/list/" + _random.Next(3),
        5 => new JsonObject { ["k"] = _random.Next(5) },
        _ => _random.Next(1000),
    };

    private JsonObject Chord(int depth, bool hasPrev) => _random.Next(3) == 0
        ? new()
        {
            ["chord"] = new JsonObject
            {
                ["header"] = Nodes(_random.Next(4), _ => new() { ["task"] = "Square", ["args"] = _random.Next(9) }),
                ["body"] = new JsonObject { ["task"] = "Sum" },
            },
        }
        : new()
        {
            ["chord"] = new JsonObject
            {
                ["header"] = Nodes(_random.Next(4), _ => Node(depth - 1, hasPrev)), ["body"] = Node(depth - 1, hasPrev: true)
            },
        };

    private JsonObject Map(bool hasPrev)
    {
        var items = new JsonArray([.. Enumerable.Range(0, _random.Next(8)).Select(i => (JsonNode?)(i % 3 == 2 && hasPrev ? "$prev" : i))]);
        JsonObject map = _random.Next(3) switch
        {
            _ when charges && _random.Next(2) == 0 => new()
            {
                ["task"] = "Charge", ["over"] = new JsonArray([.. Enumerable.Range(0, _random.Next(8)).Select(_ => (JsonNode?)Amount())])
            },
            0 => new() { ["task"] = "Echo", ["over"] = items },
            1 => new() { ["task"] = "Echo", ["args"] = new JsonObject { ["item"] = "$item", ["all"] = "$input/n" }, ["over"] = items },
            _ => new()
            {
                ["task"] = _random.Next(4) == 0 ? "Fail" : "Echo", ["args"] = new JsonObject { ["message"] = "$item/m" },
                ["over"] = new JsonArray([.. Enumerable.Range(0, _random.Next(6)).Select(
                    i => (JsonNode)new JsonObject { [_random.Next(9) == 0 ? "x" : "m"] = "i" + i })])
            },
        };
        if (_random.Next(2) == 0)
        {
            map["chunk"] = 1 + _random.Next(4);
        }

        return WithRule(map, bounded: _random.Next(2) == 0);
    }

    private JsonObject WithRule(JsonObject node, bool bounded)
    {
        switch (_random.Next(4))
        {
            case 0:
                node["failures"] = "collect";
                break;
            case 1:
                node["failures"] = new JsonObject { ["tolerate"] = _random.Next(3) };
                break;
        }

        if (bounded && _random.Next(3) == 0)
        {
            node["maxInFlight"] = 1 + _random.Next(3);
        }

        return node;
    }

    private static JsonArray Nodes(int count, Func<int, JsonObject> node) => new([.. Enumerable.Range(0, count).Select(node)]);
}
