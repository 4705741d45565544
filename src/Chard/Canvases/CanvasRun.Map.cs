using System.Globalization;
using System.Text.Json;
using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Retries;
using Chard.Domain.Tasks;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// Maps: chunks of items, each in one activity. Failed items are tried again together with the others of their chunk, and no
/// others.
/// </summary>
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

        int? given = IsOneByOne(node, path, inner) ? 1 : node.Chunk;
        ItemChunks chunks;
        if (over!.Reference is { } stored)
        {
            try
            {
                chunks = await context.CallActivityAsync<ItemChunks>(
                    nameof(SplitItems), new ItemsToSplit(header.Id, path, stored, given), LongRetries);
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
            int size = CanvasLimits.ChunkOf(count, given);
            chunks = new(
                count, size, [.. items.EnumerateArray().Chunk(size).Select(c => TaskValue.Of(JsonSerializer.SerializeToElement(c)))]);
        }
        else
        {
            string kind = over.ToElement().ValueKind.ToString().ToLowerInvariant();
            return Fail(node, NodeFailure.NotAnArray, $"What the map goes over is no array but {kind}.", path);
        }

        return Judge(
            node.Failures,
            await ChunksAsync(node, path, inner, chunks, 0, chunks.Chunks.Count > Shards),
            chunks.Count);
    }

    /// <summary>Chunks side by side, and the array of their items' results.</summary>
    private async Task<PartOutcome> ChunksAsync(MapNode node, string path, NodeContext inner, ItemChunks chunks, int first, bool isSharded)
    {
        bool oneByOne = IsOneByOne(node, path, inner);
        int weight = oneByOne ? chunks.Size : 1;
        IReadOnlyList<(int First, int Count)> parts = CanvasWeight.Cut([.. Enumerable.Repeat(weight, chunks.Chunks.Count)]);
        if (parts.Count > 1)
        {
            return await WideMapAsync(node, path, inner, chunks, first, parts);
        }

        var results = new TaskValue[chunks.Chunks.Count];
        var failures = new List<(int Index, NodeFailure Failure)>();
        await SlidingWindow.RunAsync(results.Length, node.MaxInFlight ?? CanvasLimits.MaxInFlight, async index =>
        {
            int begin = (first + index) * chunks.Size;
            int count = Math.Min(chunks.Size, chunks.Count - begin);
            TaskValue items = chunks.Chunks[index];
            string? shard = isSharded ? ShardOf(inner, first + index) : inner.Shard;
            results[index] = oneByOne
                ? await OneByOneAsync(node, path, inner with { Shard = shard }, begin, items, count, failures)
                : await ChunkAsync(node, path, inner, begin, items, shard, chunks.Count <= CanvasLimits.MaxItemRows, failures);
        });
        return new(
            await AssembleAsync(results, areArrays: true, PlaceOf(path, first, results.Length)),
            failures.Count, failures.Count == 0 ? null : failures.MinBy(f => f.Index).Failure);
    }

    private static string ShardOf(NodeContext inner, int chunk) =>
        string.Create(CultureInfo.InvariantCulture, $"{(inner.Shard is null ? "" : inner.Shard + "-")}m{chunk % Shards}");

    /// <summary>One chunk to its end. Gives the array of its results, and adds the items that failed.</summary>
    private async Task<TaskValue> ChunkAsync(
        MapNode node, string path, NodeContext inner, int first, TaskValue items, string? shard, bool keepsItems,
        List<(int Index, NodeFailure Failure)> failures)
    {
        string at = TaskPath.Below(path, first);
        TaskCallOptions options = CallOptions(at, inner) with { Shard = shard };
        WorkflowScope scope = CallTaskExtensions.ScopeOf(context);
        TaskPolicy policy = scope.PolicyFor(node.Task, options);
        DateTime begun = context.CurrentUtcDateTime;
        var turns = new Dictionary<int, CallTurn>();
        var final = new List<ChunkFailure>();
        var call = new ChunkCall
        {
            Call = scope.CallOf(node.Task, path, policy, options),
            First = first,
            Items = items,
            Args = node.Args,
            StoredArgs = node.StoredArgs,
            Prev = node.StoredArgs is { IsTemplate: true } || (node.Args is { } a && Needs(a, References.Root.Prev)) ? inner.Prev : null,
            Input = node.StoredArgs is { IsTemplate: true } || (node.Args is { } b && Needs(b, References.Root.Input)) ? input : null,
            KeepsItems = keepsItems || !policy.Pure,
        };

        // As many rounds as the policy gives an item tries and waits; a busy one takes no longer than another delivery's lease.
        bool goesOn;
        do
        {
            ChunkOutcome outcome = await context.CallActivityAsync<ChunkOutcome>(
                nameof(RunChunk), call with { Call = scope.Now(call.Call) }, LongRetries);
            if (outcome.BusySeconds is { } seconds)
            {
                // The same round again: it gets what the other delivery records.
                goesOn = true;
                await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
                continue;
            }

            var again = new List<ChunkItem>();
            TimeSpan delay = TimeSpan.Zero;
            foreach (ChunkFailure failure in outcome.Failures)
            {
                CallTurn turn = turns.GetValueOrDefault(failure.Index, CallTurn.First);
                if (Next(policy, failure, turn, context.CurrentUtcDateTime - begun, inner.Deadline, at) is { } next)
                {
                    turns[failure.Index] = next.Turn;
                    again.Add(new(failure.Index, next.Turn.Attempt, next.Turn.Wait));
                    delay = next.Decision.Delay > delay ? next.Decision.Delay : delay;
                }
                else
                {
                    final.Add(failure);
                }
            }

            call = call with { Results = outcome.Results, Again = again, Round = call.Round + 1 };
            goesOn = again.Count > 0;
            if (goesOn)
            {
                await context.CreateTimer(delay > NextTry.ShortestBusyWait ? delay : NextTry.ShortestBusyWait, CancellationToken.None);
            }
        }
        while (goesOn);

        var patches = new Dictionary<int, TaskValue>();
        await Task.WhenAll(final.Select(
            f => GiveUpAsync(node, path, options, first, f, turns.GetValueOrDefault(f.Index, CallTurn.First), patches, failures)));
        return patches.Count == 0 ? call.Results! : await context.CallActivityAsync<TaskValue>(
            nameof(PatchResults), new ResultsToPatch(header.Id, at, call.Results!, patches), LongRetries);
    }

    /// <summary>The next try of an item, whose delay has its chunk's jitter; null if there is none.</summary>
    private NextTry? Next(TaskPolicy policy, ChunkFailure item, CallTurn turn, TimeSpan elapsed, DateTime? deadline, string at)
    {
        if (item.Args is null)
        {
            // Its arguments could not be made, and no try would make them.
            return null;
        }

        var failure = new TaskFailure(
            item.Kind,
            item.Code,
            item.Message,
            item.Seconds is { } asked ? TimeSpan.FromSeconds(Math.Min(asked, RetryAfter.Longest.TotalSeconds)) : null);
        NextTry next = NextTry.After(
            policy, failure, turn, CallTurn.First, elapsed, deadline - context.CurrentUtcDateTime, header.Id, at);
        return next.Decision.Retries ? next : null;
    }

    /// <summary>An item that has failed for good: its dead letter, and what the policy says then.</summary>
    private async Task GiveUpAsync(
        MapNode node, string path, TaskCallOptions options, int first, ChunkFailure item, CallTurn turn,
        Dictionary<int, TaskValue> patches, List<(int Index, NodeFailure Failure)> failures)
    {
        string at = TaskPath.Below(path, first + item.Index);
        var failure = new NodeFailure(item.Code, item.Message, node.Task, at);
        if (item.Args is not null)
        {
            try
            {
                TaskValue given = await CallTaskExtensions.ScopeOf(context).Prepare(node.Task, item.Args, options with { Path = at })
                    .GiveUpAsync(new TaskFailure(item.Kind, item.Code, item.Message), turn);
                if (given != TaskValue.Null)
                {
                    patches[item.Index] = given;
                }

                return;
            }
            catch (TaskExhaustedException e)
            {
                failure = new(e.Failure.Code, e.Failure.Message, e.Task, e.Path);
            }
        }

        failures.Add((first + item.Index, failure));
        if (node.Failures.Collect)
        {
            patches[item.Index] = TaskValue.Of(failure.ToResult());
        }
    }
}
