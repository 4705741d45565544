using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;
using Chard.Functions.Tasks;

namespace Chard.Functions.Canvases;

/// <summary>
/// Maps whose items are calls of their own: over a limit, since an activity that ran many items would hold one permit for all of them; and over tasks of the slow route, since
/// it would be as slow. Up to <see cref="CanvasLimits.MaxChunks"/> items are at work side by side, as far as the limit and <c>maxInFlight</c> let them; of a longer map so many chunks,
/// the items of each one after another.
/// </summary>
internal sealed partial class CanvasRun
{
    private static readonly JsonElement WholeItem = JsonElement.Parse("\"$item\"");

    private bool IsOneByOne(MapNode node, string path, Surroundings inner) =>
        CallTaskExtensions.ScopeOf(context).PolicyFor(node.Task, Options(path, inner)) is { Limit: not null } or { Route: TaskRoute.Slow };

    private async Task<TaskValue> OneByOneAsync(
        MapNode node, string path, Surroundings inner, int first, TaskValue items, int count, List<(int Index, NodeFailure Failure)> failures)
    {
        var results = new TaskValue[count];
        for (int i = 0; i < count; i++)
        {
            NodeOutcome outcome = await ItemAsync(node, TaskPath.Below(path, first + i), inner, items, i);
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
        // A stored chunk is followed by an activity: no orchestrator loads it.
        TaskValue? item;
        NodeOutcome? failed = null;
        if (items.Reference is null)
        {
            item = TaskValue.Of(items.ToElement()[index]);
        }
        else
        {
            (item, failed) = await ResolveAsync(JsonSerializer.SerializeToElement(FormattableString.Invariant($"$item/{index}")), null, at + "-item", node.Task, items);
        }

        if (failed is not null)
        {
            return NodeOutcome.Of(failed.Failure! with { Path = at });
        }

        (TaskValue? args, failed) = node.StoredArgs is { } stored
            ? await ResolveAsync(stored, inner.Prev, at, node.Task, item)
            : await ResolveAsync(node.Args ?? WholeItem, inner.Prev, at, node.Task, item);
        return failed ?? await CallAsync(node.Task, args!, at, inner);
    }
}
