using System.Text.Json;

namespace Chard.Domain.Canvases;

/// <summary>
/// How much nodes add to the history that they run in, as a number of calls: of tasks, chunks, and parts that are orchestrations of
/// their own. Tries after the
/// first are not counted. A history is read whole and replayed at every turn, so what adds more than <see cref="Max"/> calls is cut
/// into parts, and
/// a part that is too much itself is cut again.
/// </summary>
public static class CanvasWeight
{
    /// <summary>Calls of one history. A single node that is more runs alone.</summary>
    public const int Max = CanvasLimits.MaxWidth;

    // As many chunks as a map has unless it is a very long one; how long it is shows only when it runs.
    private const int MapWeight = 32;

    /// <summary>How many tasks a canvas that was not folded has; items of maps count where they are written out.</summary>
    public static int TasksIn(CanvasNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node switch
        {
            TaskNode => 1,
            MapNode map => map.Over.ValueKind == JsonValueKind.Array ? map.Over.GetArrayLength() : 0,
            ChainNode chain => chain.Steps.Sum(TasksIn),
            GroupNode group => group.Members.Sum(TasksIn),
            ChordNode chord => TasksIn(chord.Header) + TasksIn(chord.Body),
            _ => throw new ArgumentException($"There is no counting the tasks of a {node.GetType().Name}.", nameof(node)),
        };
    }

    /// <summary>Calls that <paramref name="node"/> makes where it runs, what is below it cut into parts.</summary>
    public static int Of(CanvasNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        int own = node switch
        {
            TaskNode => 1,
            MapNode map => OfMap(map),
            ChainNode chain => chain.Parts?.Count ?? OfSeveral(chain.Steps),
            GroupNode group => group.Parts?.Count ?? OfSeveral(group.Members),
            ChordNode chord => WithNext(Of(chord.Header), Of(chord.Body)),
            _ => throw new ArgumentException($"There is no weight of a {node.GetType().Name}.", nameof(node)),
        };

        // An empty group calls nothing, but what is wide for the interpreter is cut as well.
        own = Math.Max(own, 1);
        return node.OnError is { } handler ? WithNext(own, Of(handler)) : own;
    }

    /// <summary>True if what follows a node, a chord's body or a handler of failures, is too much for the same history.</summary>
    public static bool IsTooMuch(int node, int next) => node + next > 2 * Max;

    /// <summary>
    /// Cuts nodes into consecutive parts; one part if they fit into one history. There are about <see cref="Max"/> parts at most,
    /// of like weight.
    /// </summary>
    /// <param name="weights">Calls of each node.</param>
    /// <returns>Of each part the index of its first node and how many it has.</returns>
    /// <param name="max">Calls of one history.</param>
    public static IReadOnlyList<(int First, int Count)> Cut(IReadOnlyList<int> weights, int max = Max)
    {
        ArgumentNullException.ThrowIfNull(weights);
        int total = weights.Sum();
        if (total <= max || weights.Count == 1)
        {
            return [(0, weights.Count)];
        }

        int most = Math.Max(max, (total + Max - 1) / Max);
        var parts = new List<(int First, int Count)>();
        for (int first = 0, next = 0; first < weights.Count; first = next)
        {
            int weight = weights[next++];
            while (next < weights.Count && weight + weights[next] <= most)
            {
                weight += weights[next++];
            }

            parts.Add((first, next - first));
        }

        return parts;
    }

    private static int OfMap(MapNode map)
    {
        if (map.Over.ValueKind != JsonValueKind.Array)
        {
            return map.Chunk is null ? MapWeight : Max;
        }

        int items = map.Over.GetArrayLength();
        int size = CanvasLimits.ChunkOf(items, map.Chunk);
        return Math.Clamp((items + size - 1) / size, 1, Max);
    }

    private static int WithNext(int node, int next) => IsTooMuch(node, next) ? node + 1 : node + next;

    private static int OfSeveral(IReadOnlyList<CanvasNode> nodes)
    {
        int[] weights = [.. nodes.Select(Of)];
        int parts = Cut(weights).Count;
        return parts == 1 ? weights.Sum() : parts;
    }
}
