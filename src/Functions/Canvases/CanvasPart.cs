using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;

namespace Chard.Functions.Canvases;

/// <summary>Work for <see cref="RunCanvas.RunCanvasPart"/>.</summary>
public sealed record CanvasPart
{
    /// <summary>What the nodes are; without meaning for chunks.</summary>
    public bool IsChain { get; init; }

    /// <summary>The array of nodes; null for chunks of a map.</summary>
    public JsonElement? Nodes { get; init; }

    /// <summary>The map without its items; null for nodes.</summary>
    public JsonElement? Map { get; init; }

    /// <summary>Chunks of the map; null for nodes.</summary>
    public ItemChunks? Chunks { get; init; }

    /// <summary>Index in the whole of the first node or chunk.</summary>
    public int First { get; init; }

    /// <summary>Position of the whole.</summary>
    public required string Path { get; init; }

    /// <summary>True if failures stand among the results.</summary>
    public bool Collect { get; init; }

    /// <summary>How many may be at work at once.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>The workflow's input.</summary>
    public required TaskValue Input { get; init; }

    /// <summary>What came before.</summary>
    public TaskValue? Prev { get; init; }

    /// <summary>Numbers for retries from around it.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>What becomes of failures for good, from around it.</summary>
    public OnExhausted? OnExhausted { get; init; }

    /// <summary>Labels of the nodes around it; null for none.</summary>
    public IReadOnlyList<string>? Stamps { get; init; }

    /// <summary>When the time limit around it ends, UTC.</summary>
    public DateTime? Deadline { get; init; }

    /// <summary>When the workflow reached it, UTC.</summary>
    public DateTime? ReachedAt { get; init; }

    /// <summary>Part of the ledger for its tasks.</summary>
    public string? Shard { get; init; }
}

/// <summary>What a part came to.</summary>
/// <param name="Results">The array of its results; of a chain its last step's result.</param>
/// <param name="Failed">How many members or items failed.</param>
/// <param name="First">The first of the failures; null if there is none.</param>
public sealed record PartOutcome(TaskValue Results, int Failed, NodeFailure? First);
