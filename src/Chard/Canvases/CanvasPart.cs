using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Canvases;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;

namespace Chard.Canvases;

/// <summary>Work for <see cref="RunCanvas.RunCanvasPart"/>.</summary>
public sealed record CanvasPart
{
    /// <summary>What it is a part of.</summary>
    public required CanvasPartKind Kind { get; init; }

    /// <summary>The array of nodes; null for chunks and items of a map, and if they are stored.</summary>
    public JsonElement? Nodes { get; init; }

    /// <summary>Where the array of nodes lies; null if it is here.</summary>
    public PayloadReference? StoredNodes { get; init; }

    /// <summary>The map without its items; null for nodes.</summary>
    public JsonElement? Map { get; init; }

    /// <summary>Chunks of the map, of items the only one that they are from; null for nodes.</summary>
    public ItemChunks? Chunks { get; init; }

    /// <summary>Index in the whole of the first node, chunk or item.</summary>
    public int First { get; init; }

    /// <summary>Of items: index in their chunk of the first one.</summary>
    public int Skip { get; init; }

    /// <summary>Of items and of members: how many there are.</summary>
    public int Take { get; init; }

    /// <summary>Of members that are stored: true if all of them may run in packs.</summary>
    public bool IsPackable { get; init; }

    /// <summary>Of members: true if the whole group has more than have rows of their own where they only compute.</summary>
    public bool IsWide { get; init; }

    /// <summary>True of a part of a part: what contains it tells of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNested { get; init; }

    /// <summary>About how many tasks it has.</summary>
    [JsonIgnore]
    public int Tasks =>
        Kind == CanvasPartKind.Chunks && Chunks is { } all ? all.Chunks.Count * all.Size : Math.Max(Take, CanvasWeight.Max);

    /// <summary>Position of the whole; of a single node its own.</summary>
    public required string Path { get; init; }

    /// <summary>True if failures stand among the results.</summary>
    public bool Collect { get; init; }

    /// <summary>How many may be at work at once.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>The workflow's input.</summary>
    public required TaskValue Input { get; init; }

    /// <summary>What came before.</summary>
    public TaskValue? Prev { get; init; }

    /// <summary>What the nodes around it say of the tasks in it.</summary>
    public required NodeOptions Options { get; init; }

    /// <summary>When the time limit around it ends, UTC.</summary>
    public DateTime? Deadline { get; init; }

    /// <summary>When the workflow reached it, UTC.</summary>
    public DateTime? ReachedAt { get; init; }

    /// <summary>Part of the ledger for its tasks.</summary>
    public string? Shard { get; init; }
}

/// <summary>What a part of a canvas is.</summary>
public enum CanvasPartKind
{
    /// <summary>Members of a group.</summary>
    Members,

    /// <summary>Steps of a chain.</summary>
    Steps,

    /// <summary>A single node.</summary>
    Node,

    /// <summary>Chunks of a map.</summary>
    Chunks,

    /// <summary>Items of one chunk, each a call of its own.</summary>
    Items,
}

/// <summary>What a part came to.</summary>
/// <param name="Results">The array of its results; of steps the last one's result, of a single node its own.</param>
/// <param name="Failed">How many members or items failed.</param>
/// <param name="First">The first of the failures; null if there is none.</param>
/// <param name="Progress">Of a part that has ended: how its tasks have ended, and those that nobody knew of before.</param>
public sealed record PartOutcome(TaskValue Results, int Failed, NodeFailure? First, WorkflowProgress? Progress = null);
