using System.Text.Json;

namespace Chard.Domain.Canvases;

/// <summary>Maps, and the values in all nodes: arguments by their task's schema, references by what they mean at their place.</summary>
public static partial class CanvasParser
{
    private sealed partial class Reading
    {
        private MapNode? Map(JsonElement json, string at, Scope scope)
        {
            _members.Allow(json, at, ["map", .. Common]);
            JsonElement map = json.GetProperty("map");
            string mapAt = at + "/map";
            if (map.ValueKind != JsonValueKind.Object
                || !map.TryGetProperty("task", out JsonElement task)
                || !map.TryGetProperty("over", out JsonElement over))
            {
                _members.Fault(
                    mapAt,
                    """A map is an object: {"task":"Square","over":[1,2,3]}, with "args", "chunk", "maxInFlight" and "failures" """
                    + "if you like.");
                return null;
            }

            _members.Allow(map, mapAt, ["task", "args", "over", "chunk", "maxInFlight", "failures"]);
            string? name = TaskName(task, mapAt + "/task");
            JsonElement? args = map.TryGetProperty("args", out JsonElement given) ? given : null;
            if (name is not null)
            {
                Items(name, args, over, mapAt, scope);
            }

            return name is null ? null : new(
                name, args, over,
                (int?)_members.Whole(map, "chunk", mapAt, 1, CanvasLimits.MaxChunk),
                (int?)_members.Whole(map, "maxInFlight", mapAt, 1, 100_000),
                _members.Failures(map, mapAt));
        }

        private void Items(string task, JsonElement? args, JsonElement over, string at, Scope scope)
        {
            if (over.ValueKind == JsonValueKind.Array)
            {
                if (over.GetArrayLength() > CanvasLimits.MaxItems)
                {
                    _members.Fault(at + "/over", $"A map has at most {CanvasLimits.MaxItems} items.");
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
                _members.Fault(at + "/over", "\"over\" is an array, or a reference to one such as \"$prev\" or \"$input/items\".");
            }

            if (args is { } pattern)
            {
                Arguments(task, pattern, at + "/args", scope with { HasItem = true });
            }
        }

        private void Arguments(string task, JsonElement args, string at, Scope scope)
        {
            if (CanvasReader.Depth(args) > CanvasLimits.MaxValueDepth)
            {
                _members.Fault(at, CanvasLimits.ValueDepthRule);
                return;
            }

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
                    _members.Fault(where, "$item means something in the args of a map only.");
                }
                else if (root == Canvases.References.Root.Prev && !scope.HasPrev)
                {
                    _members.Fault(where, "$prev means nothing here: nothing comes before.");
                }
            }

            return any;
        }
    }
}
