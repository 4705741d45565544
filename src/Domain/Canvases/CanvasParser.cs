using System.Text.Json;
using Chard.Domain.Tasks;

namespace Chard.Domain.Canvases;

/// <summary>
/// Reads a canvas and checks it whole before anything starts: every fault at once, each with a JSON Pointer and a hint. What the
/// members of each node mean is told in docs/canvas.md.
/// </summary>
public static class CanvasParser
{
    /// <summary>The canvas in <paramref name="document"/>.</summary>
    /// <param name="document">One node.</param>
    /// <param name="tasks">The tasks there are.</param>
    /// <param name="faults">Every fault found, up to <see cref="CanvasLimits.MaxFaults"/>; empty if the canvas will do.</param>
    /// <param name="stamps">Labels of the workflow, which every node inherits; null for none.</param>
    /// <returns>The canvas, or null if there are faults.</returns>
    public static CanvasNode? Parse(
        JsonElement document, ICanvasTasks tasks, out IReadOnlyList<CanvasFault> faults, IReadOnlyList<string>? stamps = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var reading = new Reading(tasks);
        CanvasNode? node = reading.Node(document, "", depth: 1, new Scope(HasPrev: false, HasItem: false, stamps ?? []));
        faults = reading.Faults.Count <= CanvasLimits.MaxFaults ? reading.Faults : reading.Faults[..CanvasLimits.MaxFaults];
        return faults.Count == 0 ? node : null;
    }

    /// <summary>Which references mean something at a place, and the labels that it inherits.</summary>
    private readonly record struct Scope(bool HasPrev, bool HasItem, IReadOnlyList<string> Stamps);

    private sealed class Reading(ICanvasTasks tasks)
    {
        private static readonly string[] Kinds = ["task", "chain", "group", "chord", "map"];
        private static readonly string[] Common = ["id", "retry", "onExhausted", "stamps", "countdown", "expiresIn", "timeLimit", "onError"];

        private int _nodes;

        public List<CanvasFault> Faults { get; } = [];

        public CanvasNode? Node(JsonElement json, string at, int depth, Scope scope)
        {
            if (Faults.Count > CanvasLimits.MaxFaults)
            {
                return null;
            }

            if (depth > CanvasLimits.MaxDepth)
            {
                return Fault(at, $"Nodes nest at most {CanvasLimits.MaxDepth} deep.");
            }

            if (++_nodes == CanvasLimits.MaxNodes + 1)
            {
                Fault(at, $"A canvas has at most {CanvasLimits.MaxNodes} nodes. Put wide work into a map.");
            }

            if (_nodes > CanvasLimits.MaxNodes)
            {
                return null;
            }

            if (json.ValueKind != JsonValueKind.Object)
            {
                return Fault(at, """A node is an object such as {"task":"Echo","args":1}.""");
            }

            string[] kinds = [.. Kinds.Where(kind => json.TryGetProperty(kind, out _))];
            if (kinds.Length != 1)
            {
                return Fault(at, $"A node has exactly one of: {string.Join(", ", Kinds)}. This one has {(kinds.Length == 0 ? "none" : string.Join(" and ", kinds))}.");
            }

            IReadOnlyList<string>? stamps = StampsOf(json, at, scope.Stamps);
            scope = scope with { Stamps = Workflows.Stamps.Union(scope.Stamps, stamps) };
            CanvasNode? node = kinds[0] switch
            {
                "task" => Task(json, at, scope),
                "chain" => Chain(json, at, depth, scope),
                "group" => Group(json, json.GetProperty("group"), at, at + "/group", depth, scope),
                "chord" => Chord(json, at, depth, scope),
                _ => Map(json, at, scope),
            };
            return node is null ? null : node with
            {
                Id = Text(json, "id", at, CanvasLimits.MaxIdLength),
                Retry = Retry(json, at),
                OnExhausted = Enumeration<OnExhausted>(json, "onExhausted", at),
                Stamps = stamps,
                CountdownSeconds = Number(json, "countdown", at, 0, 31_536_000),
                ExpiresInSeconds = Number(json, "expiresIn", at, 0.001, 31_536_000),
                TimeLimitSeconds = Number(json, "timeLimit", at, 0.001, 31_536_000),
                OnError = json.TryGetProperty("onError", out JsonElement handler)
                    ? Node(handler, at + "/onError", depth + 1, scope with { HasPrev = true })
                    : null,
            };
        }

        private TaskNode? Task(JsonElement json, string at, Scope scope)
        {
            Members(json, at, ["task", "args", .. Common]);
            JsonElement? args = json.TryGetProperty("args", out JsonElement given) ? given : null;
            if (TaskName(json.GetProperty("task"), at + "/task") is not { } name)
            {
                return null;
            }

            if (args is { } value)
            {
                Arguments(name, value, at + "/args", scope);
            }
            else if (!scope.HasPrev)
            {
                Arguments(name, JsonElement.Parse("null"), at, scope);
            }

            return new(name, args);
        }

        private ChainNode? Chain(JsonElement json, string at, int depth, Scope scope)
        {
            Members(json, at, ["chain", .. Common]);
            JsonElement steps = json.GetProperty("chain");
            if (steps.ValueKind != JsonValueKind.Array || steps.GetArrayLength() == 0)
            {
                Fault(at + "/chain", "A chain is an array of one node or more.");
                return null;
            }

            return new(Nodes(steps, at + "/chain", depth, index => scope with { HasPrev = scope.HasPrev || index > 0 }));
        }

        private GroupNode? Group(JsonElement owner, JsonElement members, string at, string membersAt, int depth, Scope scope)
        {
            Members(owner, at, ["group", "maxInFlight", "failures", .. Common]);
            return members.ValueKind == JsonValueKind.Array
                ? new(Nodes(members, membersAt, depth, _ => scope), (int?)Whole(owner, "maxInFlight", at, 1, 100_000), Failures(owner, at))
                : (GroupNode?)Fault(membersAt, "A group is an array of nodes.");
        }

        private ChordNode? Chord(JsonElement json, string at, int depth, Scope scope)
        {
            Members(json, at, ["chord", "maxInFlight", "failures", .. Common]);
            JsonElement chord = json.GetProperty("chord");
            string chordAt = at + "/chord";
            if (chord.ValueKind != JsonValueKind.Object)
            {
                Fault(chordAt, """A chord is an object: {"header":[nodes],"body":node}.""");
                return null;
            }

            Members(chord, chordAt, ["header", "body"]);
            bool hasHeader = chord.TryGetProperty("header", out JsonElement header);
            bool hasBody = chord.TryGetProperty("body", out JsonElement body);
            if (!hasHeader || header.ValueKind != JsonValueKind.Array)
            {
                Fault(chordAt + "/header", "A chord's header is an array of nodes.");
            }

            if (!hasBody)
            {
                Fault(chordAt, "A chord has a body: the node that sees the header's results.");
            }

            if (!hasHeader || !hasBody || header.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            var group = new GroupNode(
                Nodes(header, chordAt + "/header", depth, _ => scope),
                (int?)Whole(json, "maxInFlight", at, 1, 100_000),
                Failures(json, at));
            return Node(body, chordAt + "/body", depth + 1, scope with { HasPrev = true }) is { } then ? new(group, then) : null;
        }

        private MapNode? Map(JsonElement json, string at, Scope scope)
        {
            Members(json, at, ["map", .. Common]);
            JsonElement map = json.GetProperty("map");
            string mapAt = at + "/map";
            if (map.ValueKind != JsonValueKind.Object || !map.TryGetProperty("task", out JsonElement task) || !map.TryGetProperty("over", out JsonElement over))
            {
                Fault(mapAt, """A map is an object: {"task":"Square","over":[1,2,3]}, with "args", "chunk", "maxInFlight" and "failures" if you like.""");
                return null;
            }

            Members(map, mapAt, ["task", "args", "over", "chunk", "maxInFlight", "failures"]);
            string? name = TaskName(task, mapAt + "/task");
            JsonElement? args = map.TryGetProperty("args", out JsonElement given) ? given : null;
            if (name is not null)
            {
                Items(name, args, over, mapAt, scope);
            }

            return name is null ? null : new(
                name, args, over,
                (int?)Whole(map, "chunk", mapAt, 1, CanvasLimits.MaxChunk),
                (int?)Whole(map, "maxInFlight", mapAt, 1, 100_000),
                Failures(map, mapAt));
        }

        private void Items(string task, JsonElement? args, JsonElement over, string at, Scope scope)
        {
            if (over.ValueKind == JsonValueKind.Array)
            {
                if (over.GetArrayLength() > CanvasLimits.MaxItems)
                {
                    Fault(at + "/over", $"A map has at most {CanvasLimits.MaxItems} items.");
                    return;
                }

                References(over, at + "/over", scope);
                if (args is null)
                {
                    int index = 0;
                    foreach (JsonElement item in over.EnumerateArray())
                    {
                        Arguments(task, item, $"{at}/over/{index++}", scope);
                    }
                }
            }
            else if (over.ValueKind == JsonValueKind.String && Canvases.References.TryParse(over.GetString(), out _, out _))
            {
                References(over, at + "/over", scope);
            }
            else
            {
                Fault(at + "/over", "\"over\" is an array, or a reference to one such as \"$prev\" or \"$input/items\".");
            }

            if (args is { } pattern)
            {
                Arguments(task, pattern, at + "/args", scope with { HasItem = true });
            }
        }

        private List<CanvasNode> Nodes(JsonElement array, string at, int depth, Func<int, Scope> scopeOf)
        {
            var nodes = new List<CanvasNode>(Math.Min(array.GetArrayLength(), CanvasLimits.MaxNodes));
            int index = 0;
            foreach (JsonElement json in array.EnumerateArray())
            {
                if (_nodes > CanvasLimits.MaxNodes || Faults.Count > CanvasLimits.MaxFaults)
                {
                    break;
                }

                if (Node(json, $"{at}/{index}", depth + 1, scopeOf(index)) is { } node)
                {
                    nodes.Add(node);
                }

                index++;
            }

            return nodes;
        }

        private string? TaskName(JsonElement json, string at)
        {
            string? name = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            string? known = tasks.Names.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                Fault(at, name is null
                    ? "\"task\" is the name of a task."
                    : $"There is no task '{name}'. {Hints.Closest(name, tasks.Names)}");
            }

            return known;
        }

        private void Arguments(string task, JsonElement args, string at, Scope scope)
        {
            // What a reference will bring is known when the canvas runs; then the task itself refuses what it cannot take.
            if (!References(args, at, scope))
            {
                Faults.AddRange(tasks.Check(task, args).Select(f => f with { Pointer = at + f.Pointer }));
            }
        }

        private bool References(JsonElement value, string at, Scope scope)
        {
            bool any = false;
            foreach ((References.Root root, string where) in Canvases.References.In(value, at))
            {
                any = true;
                if (root == Canvases.References.Root.Item && !scope.HasItem)
                {
                    Fault(where, "$item means something in the args of a map only.");
                }
                else if (root == Canvases.References.Root.Prev && !scope.HasPrev)
                {
                    Fault(where, "$prev means nothing here: nothing comes before.");
                }
            }

            return any;
        }

        private RetryOptions? Retry(JsonElement json, string at)
        {
            if (!json.TryGetProperty("retry", out JsonElement retry))
            {
                return null;
            }

            at += "/retry";
            if (retry.ValueKind != JsonValueKind.Object)
            {
                Fault(at, "\"retry\" is an object of attempts, firstDelaySeconds, backoff, maxDelaySeconds, timeoutSeconds.");
                return null;
            }

            Members(retry, at, ["attempts", "firstDelaySeconds", "backoff", "maxDelaySeconds", "timeoutSeconds"]);
            var given = new RetryOptions(
                (int?)Whole(retry, "attempts", at, 1, 100),
                Number(retry, "firstDelaySeconds", at, 0.001, 86_400),
                Number(retry, "backoff", at, 1, 10),
                Number(retry, "maxDelaySeconds", at, 0.001, 604_800),
                Number(retry, "timeoutSeconds", at, 0.001, 31_536_000));
            if (given.FirstDelaySeconds > given.MaxDelaySeconds)
            {
                Fault(at + "/maxDelaySeconds", "\"maxDelaySeconds\" is no less than \"firstDelaySeconds\".");
            }

            return given;
        }

        private string[]? StampsOf(JsonElement json, string at, IReadOnlyList<string> inherited)
        {
            if (!json.TryGetProperty("stamps", out JsonElement value))
            {
                return null;
            }

            at += "/stamps";
            if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(s => s.ValueKind != JsonValueKind.String))
            {
                Fault(at, "\"stamps\" is an array of labels such as [\"customer=7\"].");
                return null;
            }

            string[] stamps = [.. value.EnumerateArray().Select(s => s.GetString()!)];
            if (!Workflows.Stamps.AreValid(stamps))
            {
                Fault(at, Workflows.Stamps.Rule);
                return null;
            }

            if (Workflows.Stamps.Union(inherited, stamps) is { Count: > Workflows.Stamps.MaxCount and var count })
            {
                Fault(at, $"With those inherited there are {count} stamps here; {Workflows.Stamps.MaxCount} are the most.");
                return null;
            }

            return stamps;
        }

        private FailureRule Failures(JsonElement json, string at)
        {
            if (!json.TryGetProperty("failures", out JsonElement rule))
            {
                return FailureRule.Fail;
            }

            switch (rule.ValueKind)
            {
                case JsonValueKind.String when rule.GetString() == "fail":
                    return FailureRule.Fail;
                case JsonValueKind.String when rule.GetString() == "collect":
                    return FailureRule.CollectAll;
                case JsonValueKind.Object when rule.TryGetProperty("tolerate", out _):
                    Members(rule, at + "/failures", ["tolerate"]);
                    return FailureRule.Tolerate((int)(Whole(rule, "tolerate", at + "/failures", 0, CanvasLimits.MaxItems) ?? 0));
                default:
                    Fault(at + "/failures", "\"failures\" is \"fail\", \"collect\" or {\"tolerate\":3}.");
                    return FailureRule.Fail;
            }
        }

        private void Members(JsonElement json, string at, string[] known)
        {
            foreach (JsonProperty property in json.EnumerateObject())
            {
                if (Array.IndexOf(known, property.Name) < 0)
                {
                    Fault($"{at}/{JsonPointer.Escape(property.Name)}", $"There is no member '{property.Name}' here. {Hints.Closest(property.Name, known)}");
                }
            }
        }

        private string? Text(JsonElement json, string member, string at, int longest)
        {
            if (!json.TryGetProperty(member, out JsonElement value))
            {
                return null;
            }

            string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (string.IsNullOrEmpty(text) || text.Length > longest)
            {
                Fault($"{at}/{member}", $"\"{member}\" is a string of 1 to {longest} characters.");
            }

            return text;
        }

        private double? Whole(JsonElement json, string member, string at, double least, double most)
        {
            double? number = Number(json, member, at, least, most);
            if (number is { } value && value != Math.Floor(value))
            {
                Fault($"{at}/{member}", $"\"{member}\" is a whole number.");
            }

            return number;
        }

        private double? Number(JsonElement json, string member, string at, double least, double most)
        {
            if (!json.TryGetProperty(member, out JsonElement value))
            {
                return null;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most)
            {
                return number;
            }

            Fault($"{at}/{member}", FormattableString.Invariant($"\"{member}\" is a number from {least} to {most}."));
            return null;
        }

        private TEnum? Enumeration<TEnum>(JsonElement json, string member, string at)
            where TEnum : struct, Enum
        {
            if (!json.TryGetProperty(member, out JsonElement value))
            {
                return null;
            }

            string[] names = [.. Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
            int index = value.ValueKind == JsonValueKind.String ? Array.IndexOf(names, value.GetString()) : -1;
            if (index >= 0)
            {
                return Enum.GetValues<TEnum>()[index];
            }

            Fault($"{at}/{member}", $"\"{member}\" is one of: {string.Join(", ", names)}.");
            return null;
        }

        private CanvasNode? Fault(string at, string message)
        {
            Faults.Add(new(at, message));
            return null;
        }
    }
}
