using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>Input of <see cref="RunChunk"/>: some items of a map, and how to call the task for each.</summary>
public sealed record ChunkCall
{
    /// <summary>
    /// What the calls of the items have in common, at the map's position: each has a position below, arguments and a turn.
    /// </summary>
    public required TaskCall Call { get; init; }

    /// <summary>Index in the map of the chunk's first item.</summary>
    public required int First { get; init; }

    /// <summary>The items: an array.</summary>
    public required TaskValue Items { get; init; }

    /// <summary>Arguments of each call, unresolved; null: the item itself.</summary>
    [JsonConverter(typeof(ExactNumbers))]
    public JsonElement? Args { get; init; }

    /// <summary>The arguments if they are large; then <see cref="Args"/> is null.</summary>
    public StoredValue? StoredArgs { get; init; }

    /// <summary>What came before the map, if the arguments need it.</summary>
    public TaskValue? Prev { get; init; }

    /// <summary>The workflow's input, if the arguments need it.</summary>
    public TaskValue? Input { get; init; }

    /// <summary>Which round of tries it is, from 1.</summary>
    public int Round { get; init; } = 1;

    /// <summary>True if each item has a row of its own, beside the chunk's.</summary>
    public bool KeepsItems { get; init; }

    /// <summary>The items to try again; null for all, for the first time.</summary>
    public IReadOnlyList<ChunkItem>? Again { get; init; }

    /// <summary>The results so far, with null where there is none; null the first time.</summary>
    public TaskValue? Results { get; init; }
}

/// <summary>An item to try again.</summary>
/// <param name="Index">Its index in the chunk.</param>
/// <param name="Attempt">Which try it is.</param>
/// <param name="Wait">How often it was told to come back later.</param>
public sealed record ChunkItem(int Index, int Attempt, int Wait);

/// <summary>What a chunk came to.</summary>
/// <param name="Results">The array of results, with null for items that have none; null if another delivery is at work.</param>
/// <param name="Failures">The items that have none.</param>
/// <param name="BusySeconds">If another delivery is at work: when to ask again.</param>
public sealed record ChunkOutcome(TaskValue? Results, IReadOnlyList<ChunkFailure> Failures, double? BusySeconds = null)
{
    /// <summary>Another delivery of the chunk is at work.</summary>
    public static ChunkOutcome Busy(TimeSpan rest) => new(null, [], Math.Max(rest.TotalSeconds, 0.1));
}

/// <summary>An item that has no result yet.</summary>
/// <param name="Index">Its index in the chunk.</param>
/// <param name="Kind">What the failure asks for.</param>
/// <param name="Code">Stable name of the failure.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Seconds">For a rate limit or a busy row: when to come back.</param>
/// <param name="Args">What the task was called with; null if it was not called, because its arguments could not be made.</param>
public sealed record ChunkFailure(int Index, FailureKind Kind, string Code, string Message, double? Seconds, TaskValue? Args);
