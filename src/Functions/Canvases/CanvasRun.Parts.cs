using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;

namespace Chard.Functions.Canvases;

/// <summary>What is wider than one history should hold runs in parts, each an orchestration of its own.</summary>
internal sealed partial class CanvasRun
{
    private const int LongestInstanceId = 99;

    /// <summary>Members of a wide group that share a partition of the ledger.</summary>
    private const int ShardWidth = 500;

    /// <summary>Runs this orchestration's part.</summary>
    public async Task<PartOutcome> RunPartAsync(CanvasPart part)
    {
        var inner = new Surroundings(part.Prev, part.Retry, part.OnExhausted, part.Deadline, part.ReachedAt, part.Shard, part.Route, part.Limit, part.Stamps);
        if (part.Chunks is { } chunks)
        {
            MapNode map = (MapNode)CanvasReader.Read(part.Map!.Value) with { MaxInFlight = part.MaxInFlight };
            return await ChunksAsync(map, part.Path, inner, chunks, part.First, int.MaxValue);
        }

        JsonElement array = part.StoredNodes is { } stored
            ? (await context.CallActivityAsync<TaskValue>(nameof(ReadCanvas), TaskValue.Of(stored), Patiently)).ToElement()
            : part.Nodes!.Value;
        CanvasNode[] nodes = [.. CanvasReader.Unpack(array).EnumerateArray().Select(CanvasReader.Read)];
        if (!part.IsChain)
        {
            return await MembersAsync(nodes, part.First, part.MaxInFlight, part.Collect, part.Path, inner);
        }

        NodeOutcome outcome = await StepsAsync(nodes, part.First, part.Path, inner);
        return new(outcome.Result ?? TaskValue.Null, outcome.Failure is null ? 0 : 1, outcome.Failure);
    }

    private async Task<NodeOutcome> LongChainAsync(ChainNode node, string path, Surroundings inner)
    {
        foreach (Slice slice in Slices(node.Steps, node.Parts))
        {
            PartOutcome outcome = await PartAsync(
                Part(path, inner) with { IsChain = true, Nodes = slice.Nodes, StoredNodes = slice.Stored, First = slice.First }, TaskPath.Below(path, slice.First));
            if (outcome.First is { } failure)
            {
                return NodeOutcome.Of(failure);
            }

            inner = inner with { Prev = outcome.Results };
        }

        return NodeOutcome.Of(inner.Prev!);
    }

    private Task<PartOutcome> WideGroupAsync(GroupNode node, string path, Surroundings inner)
    {
        Slice[] slices = [.. Slices(node.Members, node.Parts)];
        return PartsAsync(slices.Length, node.MaxInFlight, path, index => slices[index].First, (index, width) => Part(path, inner) with
        {
            Nodes = slices[index].Nodes,
            StoredNodes = slices[index].Stored,
            First = slices[index].First,
            Collect = node.Failures.Collect,
            MaxInFlight = width,

            // Neighbours share a partition, so that what is at work at once fills its transactions.
            Shard = string.Create(CultureInfo.InvariantCulture, $"{(inner.Shard is null ? "" : inner.Shard + "-")}g{slices[index].First / ShardWidth}"),
        });
    }

    private Task<PartOutcome> WideMapAsync(MapNode node, string path, Surroundings inner, ItemChunks chunks)
    {
        JsonElement map = CanvasReader.WithoutItems(node);
        int parts = (chunks.Chunks.Count + CanvasLimits.MaxWidth - 1) / CanvasLimits.MaxWidth;
        return PartsAsync(parts, node.MaxInFlight, path, FirstOf, (index, width) => Part(path, inner) with
        {
            Map = map,
            Chunks = chunks with { Chunks = [.. chunks.Chunks.Skip(FirstOf(index)).Take(CanvasLimits.MaxWidth)] },
            First = FirstOf(index),
            MaxInFlight = width,
        });

        static int FirstOf(int part) => part * CanvasLimits.MaxWidth;
    }

    /// <summary>Parts side by side, so many at once that no more members than the bound are at work in all of them together.</summary>
    private async Task<PartOutcome> PartsAsync(int parts, int? maxInFlight, string path, Func<int, int> firstOf, Func<int, int, CanvasPart> partAt)
    {
        int bound = maxInFlight ?? CanvasLimits.MaxInFlight;
        int width = Math.Min(bound, CanvasLimits.MaxWidth);
        var outcomes = new PartOutcome[parts];
        await SlidingWindow.RunAsync(
            parts, bound / width, async index => outcomes[index] = await PartAsync(partAt(index, width), TaskPath.Below(path, firstOf(index))));
        return new(
            await AssembleAsync([.. outcomes.Select(o => o.Results)], areArrays: true, path + "-all"),
            outcomes.Sum(o => o.Failed), outcomes.FirstOrDefault(o => o.First is not null)?.First);
    }

    private async Task<PartOutcome> PartAsync(CanvasPart part, string at)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<PartOutcome>(
                nameof(RunCanvas.RunCanvasPart),
                new WorkflowInput<CanvasPart>(header.Id, part, header.Policies, header.Stamps, RunCanvas.Name),
                new SubOrchestrationOptions(new TaskOptions(), InstanceIdOf(at)));
        }
        catch (TaskFailedException e)
        {
            // Failures of nodes come as values; this is the part itself.
            throw new InvalidOperationException($"The part of the canvas at {at} failed: {e.FailureDetails?.ErrorMessage ?? e.Message}", e);
        }
    }

    private CanvasPart Part(string path, Surroundings inner) => new()
    {
        Path = path,
        Input = input,
        Prev = inner.Prev,
        Retry = inner.Retry,
        OnExhausted = inner.OnExhausted,
        Route = inner.Route,
        Limit = inner.Limit,
        Stamps = inner.Stamps,
        Deadline = inner.Deadline,
        ReachedAt = inner.ReachedAt,
        Shard = inner.Shard,
    };

    /// <summary>Consecutive nodes for one part: those that were stored at the start, or as many of those here as a part holds.</summary>
    private static IEnumerable<Slice> Slices(IReadOnlyList<CanvasNode> nodes, IReadOnlyList<StoredNodes>? parts) => parts is not null
        ? parts.Select(p => new Slice(p.First, null, p.Ref))
        : nodes.Chunk(CanvasLimits.MaxWidth).Select((slice, index) => new Slice(index * CanvasLimits.MaxWidth, CanvasReader.Pack(slice.Select(n => n.Source!.Value)), null));

    private readonly record struct Slice(int First, JsonElement? Nodes, PayloadReference? Stored);

    /// <summary>Begins with the workflow's id and a dot, so that cancelling finds it, and stays within the strictest backend's limit.</summary>
    private string InstanceIdOf(string at)
    {
        string id = $"{header.Id}.{at}";
        return id.Length <= LongestInstanceId ? id : $"{header.Id}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(at)))[..32]}";
    }
}
