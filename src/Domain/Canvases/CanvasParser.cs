using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Domain.Canvases;

/// <summary>
/// Reads a canvas and checks it whole before anything starts: every fault at once, each with a JSON Pointer and a hint. What the
/// members of each node mean is told in docs/canvas.md.
/// </summary>
public static partial class CanvasParser
{
    private static readonly string[] Common = ["id", .. CanvasMembers.OptionNames, "countdown", "expiresIn", "timeLimit", "onError"];

    /// <summary>Names of all members that a task's node may have.</summary>
    public static string[] TaskMembers { get; } = ["task", "args", "idempotencyKey", .. Common];

    /// <summary>The canvas in <paramref name="document"/>.</summary>
    /// <param name="document">One node.</param>
    /// <param name="tasks">The tasks there are.</param>
    /// <param name="faults">Every fault found, up to <see cref="CanvasLimits.MaxFaults"/>; empty if the canvas will do.</param>
    /// <param name="stamps">Labels of the workflow, which every node inherits; null for none.</param>
    /// <returns>The canvas, or null if there are faults.</returns>
    public static CanvasNode? Parse(
        JsonElement document, ICanvasTasks tasks, out IReadOnlyList<JsonFault> faults, IReadOnlyList<string>? stamps = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var reading = new Reading(tasks);
        CanvasNode? node = reading.Node(document, "", depth: 1, new Scope(HasPrev: false, HasItem: false, stamps ?? []));
        faults = reading.Faults.Count <= CanvasLimits.MaxFaults ? reading.Faults : reading.Faults[..CanvasLimits.MaxFaults];
        return faults.Count == 0 ? node : null;
    }

    /// <summary>Which references mean something at a place, and the labels that it inherits.</summary>
    private readonly record struct Scope(bool HasPrev, bool HasItem, IReadOnlyList<string> Stamps);

    private sealed partial class Reading(ICanvasTasks tasks)
    {
        private static readonly string[] Kinds = ["task", "chain", "group", "chord", "map"];

        private int _works;
        private int _compositions;

        private readonly CanvasMembers _members = new(tasks);

        public List<JsonFault> Faults => _members.Faults;

        private bool IsFull => _works > CanvasLimits.MaxNodes || _compositions > CanvasLimits.MaxNodes;

        public CanvasNode? Node(JsonElement json, string at, int depth, Scope scope)
        {
            if (Faults.Count > CanvasLimits.MaxFaults)
            {
                return null;
            }

            if (depth > CanvasLimits.MaxDepth)
            {
                return _members.Fault(at, $"Nodes nest at most {CanvasLimits.MaxDepth} deep.");
            }

            if (json.ValueKind != JsonValueKind.Object)
            {
                return _members.Fault(at, """A node is an object such as {"task":"Echo","args":1}.""");
            }

            string[] kinds = [.. Kinds.Where(kind => json.TryGetProperty(kind, out _))];
            if (kinds.Length != 1)
            {
                string has = kinds.Length == 0 ? "none" : string.Join(" and ", kinds);
                return _members.Fault(at, $"A node has exactly one of: {string.Join(", ", Kinds)}. This one has {has}.");
            }

            if (!Counts(kinds[0] is "task" or "map", at))
            {
                return null;
            }

            IReadOnlyList<string>? stamps = _members.StampsOf(json, at, scope.Stamps);
            scope = scope with { Stamps = Identity.Stamps.Union(scope.Stamps, stamps) };
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
                Id = _members.Text(json, "id", at, CanvasLimits.MaxIdLength),
                Options = _members.Options(json, at, stamps),
                CountdownSeconds = _members.Number(json, "countdown", at, 0, 31_536_000),
                ExpiresInSeconds = _members.Number(json, "expiresIn", at, 0.001, 31_536_000),
                TimeLimitSeconds = _members.Number(json, "timeLimit", at, 0.001, 31_536_000),
                OnError = json.TryGetProperty("onError", out JsonElement handler)
                    ? Node(handler, at + "/onError", depth + 1, scope with { HasPrev = true })
                    : null,
            };
        }

        /// <summary>Counts a node. False, with one fault for all of them, once there are too many.</summary>
        private bool Counts(bool isWork, string at)
        {
            int count = isWork ? ++_works : ++_compositions;
            if (count == CanvasLimits.MaxNodes + 1)
            {
                _members.Fault(at, isWork
                    ? $"A canvas has at most {CanvasLimits.MaxNodes} tasks and maps written out. Put wide work into a map."
                    : $"A canvas has at most {CanvasLimits.MaxNodes} chains, groups and chords.");
            }

            return !IsFull;
        }

        private TaskNode? Task(JsonElement json, string at, Scope scope)
        {
            _members.Allow(json, at, TaskMembers);
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

            return new(name, args) { IdempotencyKey = _members.IdempotencyKey(json, at) };
        }

        private ChainNode? Chain(JsonElement json, string at, int depth, Scope scope)
        {
            _members.Allow(json, at, ["chain", .. Common]);
            JsonElement steps = json.GetProperty("chain");
            if (steps.ValueKind != JsonValueKind.Array || steps.GetArrayLength() == 0)
            {
                _members.Fault(at + "/chain", "A chain is an array of one node or more.");
                return null;
            }

            return new(Nodes(steps, at + "/chain", depth, index => scope with { HasPrev = scope.HasPrev || index > 0 }));
        }

        private GroupNode? Group(JsonElement owner, JsonElement members, string at, string membersAt, int depth, Scope scope)
        {
            _members.Allow(owner, at, ["group", "maxInFlight", "failures", .. Common]);
            return members.ValueKind == JsonValueKind.Array
                ? new(
                    Nodes(members, membersAt, depth, _ => scope),
                    (int?)_members.Whole(owner, "maxInFlight", at, 1, 100_000),
                    _members.Failures(owner, at))
                : (GroupNode?)_members.Fault(membersAt, "A group is an array of nodes.");
        }

        private ChordNode? Chord(JsonElement json, string at, int depth, Scope scope)
        {
            _members.Allow(json, at, ["chord", "maxInFlight", "failures", .. Common]);
            JsonElement chord = json.GetProperty("chord");
            string chordAt = at + "/chord";
            if (chord.ValueKind != JsonValueKind.Object)
            {
                _members.Fault(chordAt, """A chord is an object: {"header":[nodes],"body":node}.""");
                return null;
            }

            _members.Allow(chord, chordAt, ["header", "body"]);
            bool hasHeader = chord.TryGetProperty("header", out JsonElement header);
            bool hasBody = chord.TryGetProperty("body", out JsonElement body);
            if (!hasHeader || header.ValueKind != JsonValueKind.Array)
            {
                _members.Fault(chordAt + "/header", "A chord's header is an array of nodes.");
            }

            if (!hasBody)
            {
                _members.Fault(chordAt, "A chord has a body: the node that sees the header's results.");
            }

            if (!hasHeader || !hasBody || header.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            var group = new GroupNode(
                Nodes(header, chordAt + "/header", depth, _ => scope),
                (int?)_members.Whole(json, "maxInFlight", at, 1, 100_000),
                _members.Failures(json, at));
            return Node(body, chordAt + "/body", depth + 1, scope with { HasPrev = true }) is { } then ? new(group, then) : null;
        }

        private List<CanvasNode> Nodes(JsonElement array, string at, int depth, Func<int, Scope> scopeOf)
        {
            var nodes = new List<CanvasNode>(Math.Min(array.GetArrayLength(), CanvasLimits.MaxNodes));
            int index = 0;
            foreach (JsonElement json in array.EnumerateArray())
            {
                if (IsFull || Faults.Count > CanvasLimits.MaxFaults)
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
                _members.Fault(at, name is null
                    ? "\"task\" is the name of a task."
                    : $"There is no task '{name}'. {Hints.Closest(name, tasks.Names)}");
            }

            return known;
        }
    }
}
