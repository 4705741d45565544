using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Canvases;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Status;

namespace Chard.Canvases;

/// <summary>
/// Input of <see cref="RunPack"/>: tasks that one activity runs, as lanes side by side. Small, since it stays in history.
/// </summary>
public sealed record PackCall
{
    /// <summary>What all calls have from their workflow.</summary>
    public required WorkflowHeader Workflow { get; init; }

    /// <summary>What the lanes are.</summary>
    public required PackKind Kind { get; init; }

    /// <summary>Position of the group, map or chain; of a single node its own.</summary>
    public required string Path { get; init; }

    /// <summary>Index in the whole of the first node or item.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int First { get; init; }

    /// <summary>The array of nodes; null for items, and if they are stored.</summary>
    [JsonConverter(typeof(ExactNumbers))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Nodes { get; init; }

    /// <summary>Where the array of nodes lies; null if it is here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PayloadReference? StoredNodes { get; init; }

    /// <summary>The items of a map, or those around them: an array; null for nodes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskValue? Items { get; init; }

    /// <summary>How many nodes or items of the array stand before the first one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Skip { get; init; }

    /// <summary>How many nodes or items there are.</summary>
    public required int Take { get; init; }

    /// <summary>Of a map: the task; null for nodes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }

    /// <summary>Of a map: arguments of each call, unresolved; null for the item itself.</summary>
    [JsonConverter(typeof(ExactNumbers))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Args { get; init; }

    /// <summary>The arguments if they are large; then <see cref="Args"/> is null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoredValue? StoredArgs { get; init; }

    /// <summary>What the nodes around say of the tasks.</summary>
    public NodeOptions Options { get; init; } = NodeOptions.None;

    /// <summary>What came before; null if nothing did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskValue? Prev { get; init; }

    /// <summary>The workflow's input; null if no arguments need it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskValue? Input { get; init; }

    /// <summary>When all has to be done, UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Part of the ledger for the rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Shard { get; init; }

    /// <summary>How many lanes may be at work at once.</summary>
    public required int Width { get; init; }

    /// <summary>Which round of tries it is, from 1.</summary>
    public int Round { get; init; } = 1;

    /// <summary>The lanes to go on with; null for all, from their beginning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LaneStart>? Again { get; init; }

    /// <summary>The results so far, with null where there is none; null in the first round.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskValue? Results { get; init; }

    /// <summary>True if each task has a row of its own, beside the pack's; else only those that do more than compute.</summary>
    public bool KeepsRows { get; init; }

    /// <summary>True if the pack is the whole workflow: it begins it, and ends it if all goes well.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsWhole { get; init; }

    /// <summary>When the orchestrator asked for it, UTC.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>True if its result is that of its only lane, and no array.</summary>
    [JsonIgnore]
    public bool IsSingle => Kind is PackKind.Node or PackKind.Steps;
}

/// <summary>What the lanes of a pack are.</summary>
public enum PackKind
{
    /// <summary>A single node.</summary>
    Node,

    /// <summary>Steps of a chain, which are one lane.</summary>
    Steps,

    /// <summary>Members of a group, a lane each.</summary>
    Members,

    /// <summary>Items of a map, a lane each.</summary>
    Items,
}

/// <summary>Where to go on with a lane.</summary>
/// <param name="Index">Its index in the pack.</param>
/// <param name="Step">The step to begin with.</param>
/// <param name="Prev">What the step before gave; null for the first step.</param>
/// <param name="Attempt">Which try of the step it is.</param>
/// <param name="Wait">How often the step was told to come back later.</param>
public sealed record LaneStart(
    int Index,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Step = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TaskValue? Prev = null,
    int Attempt = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Wait = 0);

/// <summary>What a pack came to.</summary>
public sealed record PackOutcome
{
    /// <summary>
    /// The results of the lanes up to <see cref="Begun"/>, with null for those that have none: an array, or the result itself of a
    /// single lane. Null if another delivery is at work.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskValue? Results { get; init; }

    /// <summary>How many lanes it is about; those after them it has not begun.</summary>
    public int Begun { get; init; }

    /// <summary>How many tasks have succeeded in it.</summary>
    public int Succeeded { get; init; }

    /// <summary>Lanes that have not come to their end.</summary>
    public IReadOnlyList<LaneRest> Rest { get; init; } = [];

    /// <summary>If another delivery is at work: when to ask again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BusySeconds { get; init; }

    /// <summary>True if it stopped because the workflow is paused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsPaused { get; init; }

    /// <summary>Of a whole workflow: how it has begun.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkflowBeginning? Beginning { get; init; }

    /// <summary>Of a whole workflow: true if it has ended well, and its status says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsEnd { get; init; }

    /// <summary>Another delivery of the pack is at work.</summary>
    public static PackOutcome Busy(TimeSpan rest) => new() { BusySeconds = Math.Max(rest.TotalSeconds, 0.1) };
}

/// <summary>A lane that has not come to its end.</summary>
/// <param name="At">Where to go on; with a failure the try that failed.</param>
/// <param name="Failure">Why it stopped; null if its time had not come.</param>
/// <param name="IsAlone">True if no pack may run it.</param>
public sealed record LaneRest(
    LaneStart At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LaneFailure? Failure = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsAlone = false);

/// <summary>Why a lane stopped.</summary>
/// <param name="Kind">What the failure asks for.</param>
/// <param name="Code">Stable name of the failure.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Seconds">For a rate limit or a busy row: when to come back.</param>
/// <param name="Chain">The exception and those that led to it; null where another try may follow, and where there are many.</param>
/// <param name="IsUncalled">True if the task was not called, since its arguments could not be made: no try would make them.</param>
public sealed record LaneFailure(
    FailureKind Kind,
    string Code,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DeadLetterCause>? Chain = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsUncalled = false);
