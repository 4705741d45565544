using System.Globalization;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;
using Chard.Functions.Tasks;

namespace Chard.Functions.Canvases;

/// <summary>Maps over tasks of the slow route: their items are called one by one, since an activity that ran them would be as slow.</summary>
internal sealed partial class CanvasRun
{
    private bool IsSlow(MapNode node, string path, Surroundings inner) =>
        CallTaskExtensions.ScopeOf(context).PolicyFor(node.Task, Options(path, inner)).Route == TaskRoute.Slow;

    /// <summary>
    /// The items of a chunk one after another, so that <c>maxInFlight</c> bounds the items: a chunk has one, but in a map too wide for so many chunks. Gives the array of
    /// their results, and adds the items that failed.
    /// </summary>
    private async Task<TaskValue> SlowChunkAsync(
        MapNode node, string path, Surroundings inner, int chunk, ItemChunks chunks, int index, string? shard, List<(int Index, NodeFailure Failure)> failures)
    {
        int first = chunk * chunks.Size;
        var results = new TaskValue[Math.Min(chunks.Size, chunks.Count - first)];
        for (int i = 0; i < results.Length; i++)
        {
            string at = TaskPath.Below(path, first + i);
            NodeOutcome outcome = await ItemAsync(node, at, inner with { Shard = shard }, chunks.Chunks[index], i);
            if (outcome.Failure is { } failure)
            {
                failures.Add((first + i, failure));
            }

            results[i] = outcome.Result ?? (node.Failures.Collect ? TaskValue.Of(outcome.Failure!.ToResult()) : TaskValue.Null);
        }

        return await AssembleAsync(results, areArrays: false, TaskPath.Below(path, first) + "-items");
    }

    private async Task<NodeOutcome> ItemAsync(MapNode node, string at, Surroundings inner, TaskValue items, int index)
    {
        JsonElement place = JsonSerializer.SerializeToElement(string.Create(CultureInfo.InvariantCulture, $"$item/{index}"));
        (TaskValue? args, NodeOutcome? failed) = await ResolveAsync(place, null, at, node.Task, items);
        if (failed is null && node.Args is { } template)
        {
            (args, failed) = await ResolveAsync(template, inner.Prev, at, node.Task, args);
        }

        return failed ?? await CallAsync(node.Task, args!, at, inner);
    }
}
