using System.Globalization;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>Maps: chunks of items, each a pack.</summary>
internal sealed partial class CanvasRun
{
    /// <summary>Parts of the ledger over which a wide map spreads: each takes one transaction at a time.</summary>
    private const int Shards = 16;

    private async Task<NodeOutcome> MapAsync(MapNode node, string path, NodeContext inner)
    {
        (TaskValue? over, NodeOutcome? failed) = node.StoredOver is { } inPayload
            ? await ResolveAsync(inPayload, inner.Prev, path, node.Task)
            : await ResolveAsync(node.Over, inner.Prev, path, node.Task);
        if (failed is not null)
        {
            return failed;
        }

        int? given = IsOneByOne(node, inner) ? 1 : node.Chunk;
        int? most = header.PolicyFor(node.Task, inner.Options).Pack is > 1 and int pack ? pack : null;
        ItemChunks chunks;
        if (over!.Reference is { } stored)
        {
            try
            {
                chunks = await context.CallActivityAsync<ItemChunks>(
                    nameof(SplitItems), new ItemsToSplit(header.Id, path, stored, given, most), LongRetries);
            }
            catch (TaskFailedException e)
            {
                TaskFailure failure = TaskFailure.Parse(e.FailureDetails?.ErrorType, e.FailureDetails?.ErrorMessage);
                return Fail(node, failure.Code, failure.Message, path);
            }
        }
        else if (over.ToElement() is { ValueKind: JsonValueKind.Array } items)
        {
            int count = items.GetArrayLength();
            int size = CanvasLimits.ChunkOf(count, given, most);
            chunks = new(
                count, size, [.. items.EnumerateArray().Chunk(size).Select(c => TaskValue.Of(JsonSerializer.SerializeToElement(c)))]);
        }
        else
        {
            string kind = over.ToElement().ValueKind.ToString().ToLowerInvariant();
            return Fail(node, NodeFailure.NotAnArray, $"What the map goes over is no array but {kind}.", path);
        }

        if (node.Over.ValueKind != JsonValueKind.Array)
        {
            progress.Add(new(chunks.Count, 0, 0));
        }

        return Judge(
            node.Failures,
            await ChunksAsync(node, path, inner, chunks, 0, chunks.Chunks.Count > Shards),
            chunks.Count);
    }

    /// <summary>Chunks side by side, and the array of their items' results.</summary>
    private async Task<PartOutcome> ChunksAsync(MapNode node, string path, NodeContext inner, ItemChunks chunks, int first, bool isSharded)
    {
        bool oneByOne = IsOneByOne(node, inner);
        int weight = oneByOne ? chunks.Size : 1;
        IReadOnlyList<(int First, int Count)> parts = CanvasWeight.Cut([.. Enumerable.Repeat(weight, chunks.Chunks.Count)]);
        if (parts.Count > 1)
        {
            return await WideMapAsync(node, path, inner, chunks, first, parts);
        }

        return oneByOne
            ? await ChunksOneByOneAsync(node, path, inner, chunks, first, isSharded)
            : await PacksAsync(node, path, inner, chunks, first, isSharded);
    }

    /// <summary>Chunks as packs.</summary>
    private async Task<PartOutcome> PacksAsync(
        MapNode node, string path, NodeContext inner, ItemChunks chunks, int first, bool isSharded)
    {
        bool needsPrev = node.StoredArgs is { IsTemplate: true } || (node.Args is { } a && Needs(a, References.Root.Prev));
        bool needsInput = node.StoredArgs is { IsTemplate: true } || (node.Args is { } b && Needs(b, References.Root.Input));
        var source = new PackSource(
            header.Id, path, node.Failures.Collect,
            (begin, count) => PackOf(PackKind.Items, path, Sharded(begin)) with
            {
                First = begin,
                Items = ChunkOf(begin),
                Skip = begin % chunks.Size,
                Take = count,
                Task = node.Task,
                Args = node.Args,
                StoredArgs = node.StoredArgs,
                Prev = needsPrev ? inner.Prev : null,
                Input = needsInput ? input : null,
                KeepsRows = chunks.Count <= CanvasLimits.MaxItemRows,
            },
            (index, left) => CountedItemAsync(
                node, TaskPath.Below(path, index), Sharded(index), ChunkOf(index), index % chunks.Size, left?.Failed),
            (_, _) => Task.FromResult(header.PolicyFor(node.Task, inner.Options)),
            (index, failed) => new(failed.Code, failed.Message, node.Task, TaskPath.Below(path, index)));
        var pool = new PackPool(context, source, progress, node.MaxInFlight ?? CanvasLimits.MaxInFlight, chunks.Size, countsPacks: true);
        int end = Math.Min((first + chunks.Chunks.Count) * chunks.Size, chunks.Count);
        for (int begin = first * chunks.Size; begin < end; begin += chunks.Size)
        {
            pool.AddPack(begin, Math.Min(chunks.Size, end - begin));
        }

        return await EndAsync(pool, path, first * chunks.Size, end - (first * chunks.Size));

        NodeContext Sharded(int index) => isSharded ? inner with { Shard = ShardOf(inner, index / chunks.Size) } : inner;

        TaskValue ChunkOf(int index) => chunks.Chunks[(index / chunks.Size) - first];
    }

    private static string ShardOf(NodeContext inner, int chunk) =>
        string.Create(CultureInfo.InvariantCulture, $"{(inner.Shard is null ? "" : inner.Shard + "-")}m{chunk % Shards}");
}
