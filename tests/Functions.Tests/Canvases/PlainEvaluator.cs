using System.Text.Json.Nodes;

namespace Chard.Functions.Tests.Canvases;

/// <summary>What a canvas of pure tasks means, said as plainly as can be: what the interpreter is held against.</summary>
internal sealed class PlainEvaluator(JsonNode? input)
{
    public sealed record Failed(string Code, string Message, string? Task, string Path)
    {
        public JsonNode ToJson() => new JsonObject { ["code"] = Code, ["message"] = Message, ["task"] = Task, ["path"] = Path };
    }

    /// <summary>What was charged, by position.</summary>
    public Dictionary<string, string> Charged { get; } = [];

    /// <summary>Positions of the tasks that failed for good, whatever became of their failure.</summary>
    public HashSet<string> Exhausted { get; } = [];

    public (JsonNode? Value, Failed? Failure) Run(JsonNode node, string path = "0", JsonNode? prev = null, bool skips = false)
    {
        bool inner = node["onExhausted"] is { } then ? (string)then! == "skip" : skips;
        (JsonNode? value, Failed? failure) = node switch
        {
            _ when node["task"] is { } task => Task(
                (string)task!, node.AsObject().ContainsKey("args") ? node["args"] : "$prev", path, prev, null, inner),
            _ when node["chain"] is JsonArray steps => Chain(steps, path, prev, inner),
            _ when node["group"] is JsonArray members => Group(
                members.Select((m, i) => Run(m!, $"{path}.{i}", prev, inner)), node["failures"]),
            _ when node["chord"] is { } chord => Chord(chord, node["failures"], path, prev, inner),
            _ => Map(node["map"]!, path, prev, inner),
        };
        return failure is not null && node["onError"] is { } handler
            ? Run(handler, path + ".e", failure.ToJson(), skips) : (value, failure);
    }

    private (JsonNode?, Failed?) Task(string task, JsonNode? template, string path, JsonNode? prev, JsonNode? item, bool skips)
    {
        JsonNode? args;
        try
        {
            args = Resolve(template, prev, item);
        }
        catch (KeyNotFoundException e)
        {
            return (null, new(
                "reference-missing", $"'{e.Message}' leads to nothing: the value it starts from has no such place.", task, path));
        }

        switch (task)
        {
            case "Echo":
                return (args, null);
            case "Square":
                return ((decimal)args! * (decimal)args!, null);
            case "Sum":
                return (args!.AsArray().Sum(a => (decimal)a!), null);
            case "Grow":
                return (string.Concat(Enumerable.Repeat((string)args!["text"]!, (int)args["times"]!)), null);
            case "Charge":
                Charged.Add(path, (string)args!);
                return ("charged " + (string)args!, null);
            default:
                Exhausted.Add(path);
                return skips ? (null, null) : (null, new("fail", (string)args!["message"]!, task, path));
        }
    }

    private (JsonNode?, Failed?) Chain(JsonArray steps, string path, JsonNode? prev, bool skips)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            (prev, Failed? failure) = Run(steps[i]!, $"{path}.{i}", prev, skips);
            if (failure is not null)
            {
                return (null, failure);
            }
        }

        return (prev, null);
    }

    private (JsonNode?, Failed?) Chord(JsonNode chord, JsonNode? rule, string path, JsonNode? prev, bool skips)
    {
        (JsonNode? results, Failed? failure) = Group(
            chord["header"]!.AsArray().Select((m, i) => Run(m!, $"{path}.h.{i}", prev, skips)), rule);
        return failure is not null ? (null, failure) : Run(chord["body"]!, path + ".b", results, skips);
    }

    private (JsonNode?, Failed?) Map(JsonNode map, string path, JsonNode? prev, bool skips)
    {
        JsonArray items = Resolve(map["over"], prev, null)!.AsArray();
        return Group(
            items.Select((item, i) => Task((string)map["task"]!, map["args"] ?? "$item", $"{path}.{i}", prev, item, skips)),
            map["failures"]);
    }

    private static (JsonNode?, Failed?) Group(IEnumerable<(JsonNode? Value, Failed? Failure)> members, JsonNode? rule)
    {
        (JsonNode? Value, Failed? Failure)[] all = [.. members];
        Failed[] failed = [.. all.Where(m => m.Failure is not null).Select(m => m.Failure!)];
        bool collects = rule is JsonValue && (string)rule! == "collect";
        int tolerated = collects ? int.MaxValue : rule is JsonObject ? (int)rule["tolerate"]! : 0;
        return failed.Length <= tolerated
            ? (new JsonArray([.. all.Select(
                m => collects && m.Failure is not null ? new JsonObject { ["error"] = m.Failure.ToJson() } : m.Value?.DeepClone())]), null)
            : (null, failed.Length == 1
                ? failed[0] : failed[0] with { Message = $"{failed.Length} of {all.Length} failed; the first: {failed[0].Message}" });
    }

    private JsonNode? Resolve(JsonNode? template, JsonNode? prev, JsonNode? item)
    {
        switch (template)
        {
            case JsonObject members:
                return new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Resolve(m.Value, prev, item))));
            case JsonArray array:
                return new JsonArray([.. array.Select(a => Resolve(a, prev, item))]);
            case JsonValue value when value.TryGetValue(out string? text) && text.StartsWith('$'):
                string[] parts = text.Split('/');
                JsonNode? found = parts[0] == "$prev" ? prev : parts[0] == "$item" ? item : input;
                foreach (string part in parts[1..])
                {
                    found = found is JsonObject o && o.ContainsKey(part) ? o[part] : found is JsonArray a
                        && int.TryParse(part, out int index) && index < a.Count ? a[index] : throw new KeyNotFoundException(text);
                }

                return found?.DeepClone();
            default:
                return template?.DeepClone();
        }
    }
}
