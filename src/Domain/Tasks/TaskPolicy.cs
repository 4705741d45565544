using System.Text.Json.Serialization;
using Chard.Domain.Json;

namespace Chard.Domain.Tasks;

/// <summary>
/// How a task is tried, limited and given up. Every number can be set in configuration by task name (<c>Chard:Tasks:{name}:…</c>).
/// </summary>
public sealed record TaskPolicy
{
    /// <summary>The seed's defaults: 5 retries after 60, 120, 240, 480 and 960 seconds.</summary>
    public static TaskPolicy Default { get; } = new();

    /// <summary>Tries in all, the first included; 1 to 100. Default 6.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>Seconds before the first retry; over 0, up to 86,400. Default 60.</summary>
    public double FirstDelaySeconds { get; init; } = 60;

    /// <summary>Factor from one delay to the next; 1 to 10. Default 2.</summary>
    public double Backoff { get; init; } = 2;

    /// <summary>Longest delay in seconds, before jitter; up to 604,800. Default 3,600.</summary>
    public double MaxDelaySeconds { get; init; } = 3600;

    /// <summary>Share of a delay that is added at random, 0 to 1: with 0.1 a delay of 60 s becomes 60 to 66 s. Default 0.1.</summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>Seconds from the first try after which no retry begins; null for no such limit.</summary>
    public double? RetryTimeoutSeconds { get; init; }

    /// <summary>
    /// Seconds one try may take before its token fires and it counts as a transient failure; null for no limit. Default 600.
    /// </summary>
    public double? TimeLimitSeconds { get; init; } = 600;

    /// <summary>How often a task may be told to come back later before that counts as a failure; 0 to 10,000. Default 100.</summary>
    public int MaxRateLimitWaits { get; init; } = 100;

    /// <summary>Which workers run it.</summary>
    public TaskRoute Route { get; init; }

    /// <summary>Key of the limit that each try takes a place under (<c>Chard:Limits:{key}:…</c>); null for none.</summary>
    public string? Limit { get; init; }

    /// <summary>
    /// True (default): keep a ledger row, so that a finished task never runs again. False saves the
    /// writes of a task without effects.
    /// </summary>
    public bool Ledger { get; init; } = true;

    /// <summary>
    /// True if the task does nothing but compute its result, in moments: it may run twice at once, so its row is written once, at
    /// its end, and not before it runs. Default false.
    /// </summary>
    public bool Pure { get; init; }

    /// <summary>
    /// Tasks that one activity may run side by side, this one among them (a pack): 1, the default, for an activity of its own, up to 1,000.
    /// More for tasks that take moments: what an activity costs is then shared by all of them.
    /// </summary>
    public int Pack { get; init; } = 1;

    /// <summary>
    /// Seconds after which a pack begins no more tasks and hands back the rest, to be packed anew; over 0, up to 300. Default 10.
    /// </summary>
    public double PackSeconds { get; init; } = 10;

    /// <summary>What becomes of the workflow when the task has failed for good.</summary>
    public OnExhausted OnExhausted { get; init; }

    /// <summary>What to do when a run died and nobody knows whether its effect landed.</summary>
    public InDoubt InDoubt { get; init; }
}

/// <summary>Which workers run a task.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<TaskRoute>))]
public enum TaskRoute
{
    /// <summary>As an activity, beside all others.</summary>
    Fast,

    /// <summary>From a queue of its own, so that it starves no short one.</summary>
    Slow,
}

/// <summary>What becomes of a workflow when one of its tasks has failed for good.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OnExhausted>))]
public enum OnExhausted
{
    /// <summary>The call fails, and with it the workflow unless that catches it.</summary>
    Fail,

    /// <summary>The workflow waits there for an operator, who retries, gives a result or fails the one task.</summary>
    Park,

    /// <summary>The call gives null and the workflow goes on.</summary>
    Skip,
}

/// <summary>What to do with an outcome in doubt.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<InDoubt>))]
public enum InDoubt
{
    /// <summary>Run it again with the same idempotency key: right when the receiver dedupes.</summary>
    RunAgain,

    /// <summary>Ask the task's <see cref="IProbe{TArgs, TResult}"/> first.</summary>
    Probe,

    /// <summary>Leave it to an operator.</summary>
    Park,
}
