using System.Text.Json;
using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>
/// Maps whose items are calls of their own: over a limit, since an activity that ran many items would hold one permit for all of
/// them; and over tasks of the slow route, since
/// it would be as slow. Up to <see cref="CanvasLimits.MaxChunks"/> items are at work side by side, as far as the limit and
/// <c>maxInFlight</c> let them; of a longer map so many chunks,
/// the items of each one after another.
/// </summary>
internal sealed partial class CanvasRun
{
    private static readonly JsonElement WholeItem = JsonElement.Parse("\"$item\"");

    private bool IsOneByOne(MapNode node, NodeContext inner) =>
        inner.Options.Pack == 1 || !PackStep.IsPackable(header.PolicyFor(node.Task, inner.Options));

    private async Task<PartOutcome> ChunksOneByOneAsync(
        MapNode node, string path, NodeContext inner, ItemChunks chunks, int first, bool isSharded)
    {
        var results = new TaskValue[chunks.Chunks.Count];
        var failures = new List<(int Index, NodeFailure Failure)>();
        await SlidingWindow.RunAsync(results.Length, node.MaxInFlight ?? CanvasLimits.MaxInFlight, async index =>
        {
            int begin = (first + index) * chunks.Size;
            int count = Math.Min(chunks.Size, chunks.Count - begin);
            string? shard = isSharded ? ShardOf(inner, first + index) : inner.Shard;
            results[index] = await OneByOneAsync(node, path, inner with { Shard = shard }, begin, chunks.Chunks[index], count, failures);
        });
        return new(
            await AssembleAsync(results, areArrays: true, PlaceOf(path, first, results.Length)),
            failures.Count, failures.Count == 0 ? null : failures.MinBy(f => f.Index).Failure);
    }

    /// <summary>The items of one chunk: here, or in parts one after another if they are too many for one history.</summary>
    private async Task<TaskValue> OneByOneAsync(
        MapNode node, string path, NodeContext inner, int first, TaskValue items, int count,
        List<(int Index, NodeFailure Failure)> failures)
    {
        CanvasPart part = Part(CanvasPartKind.Items, path, inner) with { First = first, Take = count, Collect = node.Failures.Collect };
        if (count <= CanvasWeight.Max)
        {
            return Note(await ItemsAsync(node, part, inner, items));
        }

        JsonElement map = CanvasReader.WithoutItems(node);
        var results = new List<TaskValue>();
        for (int skip = 0; skip < count; skip += CanvasWeight.Max)
        {
            int take = Math.Min(CanvasWeight.Max, count - skip);
            results.Add(Note(await PartAsync(
                part with { Map = map, Chunks = new(count, count, [items]), First = first + skip, Skip = skip, Take = take },
                PlaceOf(path, first + skip, take) + "-items")));
        }

        return await AssembleAsync(results, areArrays: true, PlaceOf(path, first, count) + "-items-all");

        TaskValue Note(PartOutcome outcome)
        {
            failures.AddRange(Enumerable.Repeat((first, outcome.First!), outcome.Failed));
            return outcome.Results;
        }
    }

    private async Task<PartOutcome> ItemsAsync(MapNode node, CanvasPart part, NodeContext inner, TaskValue items)
    {
        var results = new TaskValue[part.Take];
        int failed = 0;
        NodeFailure? first = null;
        for (int i = 0; i < results.Length; i++)
        {
            NodeOutcome outcome = await CountedItemAsync(
                node, TaskPath.Below(part.Path, part.First + i), inner, items, part.Skip + i, null);
            if (outcome.Failure is { } failure)
            {
                failed++;
                first ??= failure;
            }

            results[i] = outcome.Result ?? (part.Collect ? TaskValue.Of(outcome.Failure!.ToResult()) : TaskValue.Null);
        }

        return new(await AssembleAsync(results, areArrays: false, PlaceOf(part.Path, part.First, part.Take) + "-items"), failed, first);
    }

    private async Task<NodeOutcome> CountedItemAsync(
        MapNode node, string at, NodeContext inner, TaskValue items, int index, FailedTry? tried)
    {
        NodeOutcome outcome = await ItemAsync(node, at, inner, items, index, tried);
        Count(outcome);
        return outcome;
    }

    private async Task<NodeOutcome> ItemAsync(MapNode node, string at, NodeContext inner, TaskValue items, int index, FailedTry? tried)
    {
        // A stored chunk is followed by an activity: no orchestrator loads it.
        TaskValue? item;
        NodeOutcome? failed = null;
        if (items.Reference is null)
        {
            item = TaskValue.Of(items.ToElement()[index]);
        }
        else
        {
            JsonElement place = JsonSerializer.SerializeToElement(FormattableString.Invariant($"$item/{index}"));
            (item, failed) = await ResolveAsync(place, null, at + "-item", node.Task, items);
        }

        if (failed is not null)
        {
            return NodeOutcome.Of(failed.Failure! with { Path = at });
        }

        (TaskValue? args, failed) = node.StoredArgs is { } stored
            ? await ResolveAsync(stored, inner.Prev, at, node.Task, item)
            : await ResolveAsync(node.Args ?? WholeItem, inner.Prev, at, node.Task, item);
        return failed ?? await CallAsync(node.Task, args!, CallOptions(at, inner), tried);
    }
}
