using System.Globalization;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// What is more than one history should hold (<see cref="CanvasWeight"/>) runs in parts, each an orchestration of its own, which
/// may cut again.
/// </summary>
internal sealed partial class CanvasRun
{
    /// <summary>Members of a wide group that share a partition of the ledger.</summary>
    private const int ShardWidth = 500;

    /// <summary>Runs this orchestration's part.</summary>
    public async Task<PartOutcome> RunPartAsync(CanvasPart part)
    {
        var inner = new NodeContext(part.Options, part.Prev, part.Deadline, part.ReachedAt, part.Shard);
        if (part.Chunks is { } chunks)
        {
            MapNode map = (MapNode)CanvasReader.Read(part.Map!.Value) with { MaxInFlight = part.MaxInFlight };
            return part.Kind == CanvasPartKind.Items
                ? await ItemsAsync(map, part, inner, chunks.Chunks[0])
                : await ChunksAsync(map, part.Path, inner, chunks, part.First, isSharded: true);
        }

        Task<CanvasNode[]>? reading = null;
        Task<CanvasNode[]> ReadOnceAsync() => reading ??= NodesAsync(part);
        // What is stored was looked at by itself, when the workflow was started: what is around it has the last word.
        if (part is { IsPackable: true, Kind: CanvasPartKind.Members }
            && inner.Options is { Pack: not 1, Route: not TaskRoute.Slow, Limit: null })
        {
            return await StoredLanesAsync(part, inner, ReadOnceAsync);
        }

        CanvasNode[] nodes = await ReadOnceAsync();
        if (part.Kind == CanvasPartKind.Members)
        {
            return await MembersAsync(
                nodes, part.First, part.MaxInFlight, part.Collect, part.Path, inner, new(IsPart: true, part.IsWide));
        }

        NodeOutcome outcome = part.Kind == CanvasPartKind.Node
            ? await RunAsync(nodes[0], part.Path, inner)
            : await StepsAsync(nodes, part.First, part.Path, inner);
        return new(outcome.Result ?? TaskValue.Null, outcome.Failure is null ? 0 : 1, outcome.Failure);
    }

    private async Task<CanvasNode[]> NodesAsync(CanvasPart part)
    {
        JsonElement array = part.StoredNodes is { } stored
            ? (await context.CallActivityAsync<TaskValue>(nameof(ReadCanvas), TaskValue.Of(stored), LongRetries)).ToElement()
            : part.Nodes!.Value;
        return [.. CanvasReader.Unpack(array).EnumerateArray().Select(CanvasReader.Read)];
    }

    private static string PlaceOf(string path, int first, int count) => PartPlace.Of(path, first, count);

    private async Task<NodeOutcome> LongChainAsync(IEnumerable<Slice> slices, string path, NodeContext inner)
    {
        foreach (Slice slice in slices)
        {
            NodeOutcome outcome = await OneAsync(
                Part(CanvasPartKind.Steps, path, inner) with { Nodes = slice.Nodes, StoredNodes = slice.Stored, First = slice.First },
                PlaceOf(path, slice.First, slice.Count));
            if (outcome.Failure is not null)
            {
                return outcome;
            }

            inner = inner with { Prev = outcome.Result };
        }

        return NodeOutcome.Of(inner.Prev!);
    }

    /// <summary>One node in an orchestration of its own.</summary>
    private Task<NodeOutcome> ApartAsync(CanvasNode node, string path, NodeContext around) =>
        OneAsync(Part(CanvasPartKind.Node, path, around) with { Nodes = CanvasReader.Pack([node.Source!.Value]) }, path);

    private async Task<NodeOutcome> OneAsync(CanvasPart part, string place)
    {
        PartOutcome outcome = await PartAsync(part, place);
        return outcome.First is { } failure ? NodeOutcome.Of(failure) : NodeOutcome.Of(outcome.Results);
    }

    private Task<PartOutcome> WideGroupAsync(
        Slice[] slices, int? maxInFlight, bool collect, string path, NodeContext inner, bool isWide) => PartsAsync(
        [.. slices.Select(s => (s.First, s.Count))], maxInFlight, path, (index, width) => Part(CanvasPartKind.Members, path, inner) with
        {
            Nodes = slices[index].Nodes,
            StoredNodes = slices[index].Stored,
            First = slices[index].First,
            Take = slices[index].Count,
            IsPackable = slices[index] is { HasPacks: true, Stored: not null },
            IsWide = isWide,
            Collect = collect,
            MaxInFlight = width,

            // Neighbours share a partition, so that what is at work at once fills its transactions. A part of a part stays in its own.
            Shard = inner.Shard ?? string.Create(CultureInfo.InvariantCulture, $"g{slices[index].First / ShardWidth}"),
        },
        slices.All(s => s.HasPacks) ? CanvasLimits.MaxPackedWidth / MostOfStored * RunPack.Width : CanvasLimits.MaxInFlight);

    private Task<PartOutcome> WideMapAsync(
        MapNode node, string path, NodeContext inner, ItemChunks chunks, int before, IReadOnlyList<(int First, int Count)> parts)
    {
        JsonElement map = CanvasReader.WithoutItems(node);
        return PartsAsync(
            [.. parts.Select(p => (before + p.First, p.Count))],
            node.MaxInFlight,
            path,
            (index, width) => Part(CanvasPartKind.Chunks, path, inner) with
            {
                Map = map,
                Chunks = chunks with { Chunks = [.. chunks.Chunks.Skip(parts[index].First).Take(parts[index].Count)] },
                First = before + parts[index].First,
                MaxInFlight = width,
            });
    }

    /// <summary>Parts side by side, so many at once that no more members than the bound are at work in all of them together.</summary>
    /// <param name="parts">Where they begin, and of how many members they are.</param>
    /// <param name="maxInFlight">The bound; null for the one that holds everywhere.</param>
    /// <param name="path">Position of what is in parts.</param>
    /// <param name="partAt">Makes a part by its index and by how many of its members may be at work.</param>
    /// <param name="mostOfPart">Most members of a part that are at work at once if none fails.</param>
    private async Task<PartOutcome> PartsAsync(
        IReadOnlyList<(int First, int Count)> parts,
        int? maxInFlight,
        string path,
        Func<int, int, CanvasPart> partAt,
        int mostOfPart = CanvasLimits.MaxInFlight)
    {
        int bound = maxInFlight ?? CanvasLimits.MaxInFlight;
        int most = parts.Max(p => p.Count);
        int taken = Math.Min(Math.Min(bound, mostOfPart), most);

        // A bound that was asked for is kept to. Where none was, what packs hand back (to be tried again, or parked for weeks) must not
        // keep the other packs of its part waiting.
        int width = maxInFlight is null ? Math.Min(bound, most) : taken;
        var outcomes = new PartOutcome[parts.Count];
        await SlidingWindow.RunAsync(
            parts.Count, bound / taken,
            async index => outcomes[index] = await PartAsync(partAt(index, width), PlaceOf(path, parts[index].First, parts[index].Count)));
        return new(
            await AssembleAsync(
                [.. outcomes.Select(o => o.Results)], areArrays: true, PlaceOf(path, parts[0].First, parts.Sum(p => p.Count)) + "-all"),
            outcomes.Sum(o => o.Failed), outcomes.FirstOrDefault(o => o.First is not null)?.First);
    }

    private async Task<PartOutcome> PartAsync(CanvasPart part, string place)
    {
        string instance = PartPlace.InstanceIdOf(header.Id, place);
        progress.Begin(instance);
        try
        {
            PartOutcome outcome = await context.CallSubOrchestratorAsync<PartOutcome>(
                nameof(RunCanvas.RunCanvasPart),
                new WorkflowInput<CanvasPart>(header.Id, part, header.Policies, header.Stamps, RunCanvas.Name),
                new SubOrchestrationOptions(new TaskOptions(), instance));
            progress.End(instance, outcome.Progress ?? new(0, 0, 0));
            return outcome;
        }
        catch (TaskFailedException e)
        {
            // Failures of nodes come as values; this is the part itself.
            throw new InvalidOperationException(
                $"The part of the canvas at {place} failed: {e.FailureDetails?.ErrorMessage ?? e.Message}", e);
        }
    }

    private CanvasPart Part(CanvasPartKind kind, string path, NodeContext inner) => new()
    {
        Kind = kind,
        Path = path,
        Input = input,
        Prev = inner.Prev,
        Options = inner.Options,
        Deadline = inner.Deadline,
        ReachedAt = inner.ReachedAt,
        Shard = inner.Shard,
        IsNested = progress.IsPart,
    };

    /// <summary>What was stored in parts at the start.</summary>
    private static Slice[] Slices(IReadOnlyList<StoredNodes> parts) =>
        [.. parts.Select(p => new Slice(p.First, p.Count, null, p.Ref, p.Packs))];

    /// <summary>Nodes as parts of like weight; null if they fit into this history.</summary>
    private Slice[]? Slices(IReadOnlyList<CanvasNode> nodes, int before, NodeContext inner)
    {
        bool packs = nodes.Count > CanvasLimits.MaxWidth && nodes.All(n => LaneOf(n, RootPath, inner.Options) is not null);
        IReadOnlyList<(int First, int Count)> parts = CanvasWeight.Cut(
            [.. nodes.Select(CanvasWeight.Of)], packs ? CanvasLimits.MaxPackedWidth : CanvasWeight.Max);
        return parts.Count <= 1 ? null : [.. parts.Select(p => new Slice(
            before + p.First, p.Count, CanvasReader.Pack(nodes.Skip(p.First).Take(p.Count).Select(n => n.Source!.Value)), null,
            packs))];
    }

    /// <summary>A part of an array of nodes.</summary>
    /// <param name="First">Index of the first node.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Nodes">The nodes; null if they are stored.</param>
    /// <param name="Stored">Where they lie; null if they are here.</param>
    /// <param name="HasPacks">True if all of them run in packs: those that are stored, nobody but the packs need read.</param>
    private readonly record struct Slice(int First, int Count, JsonElement? Nodes, PayloadReference? Stored, bool HasPacks);
}
