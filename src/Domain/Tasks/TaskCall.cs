using System.Text.Json.Serialization;
using Chard.Domain.Identity;

namespace Chard.Domain.Tasks;

/// <summary>
/// One call of a task: the activity's input. Small, since it stays in history. Each try is a value of its own, which nothing changes
/// once it is handed over.
/// </summary>
public sealed record TaskCall
{
    /// <summary>The workflow that calls.</summary>
    [JsonPropertyName("workflow")]
    public required string WorkflowId { get; init; }

    /// <summary>Position in the workflow, <see cref="TaskPath"/>.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>Name of the task.</summary>
    [JsonPropertyName("task")]
    public required string Task { get; init; }

    /// <summary>What to work on.</summary>
    [JsonPropertyName("args")]
    public required TaskValue Args { get; init; }

    /// <summary>How often an operator has retried this position, from 0.</summary>
    [JsonPropertyName("generation")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Generation { get; init; }

    /// <summary>Which try this is, from 1, counted over all generations.</summary>
    [JsonPropertyName("attempt")]
    public int Attempt { get; init; } = 1;

    /// <summary>How often the task has asked to come back later, from 0.</summary>
    [JsonPropertyName("wait")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Wait { get; init; }

    /// <summary>
    /// The key for other systems if the author gave one or the arguments were changed; null for the one made of workflow and path.
    /// </summary>
    [JsonPropertyName("key")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GivenKey { get; init; }

    /// <summary>Part of the workflow's ledger that has the row; null for the workflow's own. Wide groups spread over several.</summary>
    [JsonPropertyName("shard")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Shard { get; init; }

    /// <summary>Labels of the workflow; null for none.</summary>
    [JsonPropertyName("workflowStamps")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? WorkflowStamps { get; init; }

    /// <summary>Labels of the call's own place, beside those of the workflow: only these are in its row. Null for none.</summary>
    [JsonPropertyName("stamps")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Stamps { get; init; }

    /// <summary>Seconds this try may take; null for no limit.</summary>
    [JsonPropertyName("timeLimit")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TimeLimitSeconds { get; init; }

    /// <summary>When the work has to be done whatever the try, UTC; null for no such moment.</summary>
    [JsonPropertyName("deadline")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When the orchestrator asked for this try, UTC: from then on it waits for its beginning. Null if it did not say.</summary>
    [JsonPropertyName("at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>The try that a transient failure is not retried after, if no time is over before it; null if nobody said.</summary>
    [JsonPropertyName("last")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LastAttempt { get; init; }

    /// <summary>True if no ledger row is kept: the task may run again after it has finished.</summary>
    [JsonPropertyName("noLedger")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WithoutLedger { get; init; }

    /// <summary>What to do when a run died and nobody knows whether its effect landed.</summary>
    [JsonPropertyName("inDoubt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InDoubt InDoubt { get; init; }

    /// <summary>Which call of this position it is.</summary>
    [JsonIgnore]
    public CallTurn Turn => new(Generation, Attempt, Wait);

    /// <summary>The same text for every delivery and try of this very piece of work.</summary>
    [JsonIgnore]
    public string IdempotencyKey => GivenKey ?? $"{WorkflowId}:{Path}";
}
