using Chard.Domain.Payloads;

namespace Chard.Domain.Tasks;

/// <summary>What a running task knows of itself, and what it may use.</summary>
public sealed class TaskContext
{
    /// <summary>The workflow it belongs to.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>Its position in the workflow, such as <c>2.0.17</c>: stable across attempts and restarts.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>Which try this is, from 1, those before an operator's retry included. Waiting for a rate limit does not count.</summary>
    public required int Attempt { get; init; }

    /// <summary>How often the task has asked to come back later, from 0.</summary>
    public int Waits { get; init; }

    /// <summary>
    /// The same text for every delivery of this very piece of work: hand it to other systems so that
    /// they can recognise a repetition.
    /// </summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Labels: those of the workflow, then those of the canvas nodes around the task or of its call.</summary>
    public IReadOnlyList<string> Stamps { get; init; } = [];

    /// <summary>When the task has to be done, UTC: then its token fires. Null without a time limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Reads and writes data that is too large to be passed around.</summary>
    public required IPayloadStore Payloads { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>
    /// Tells how far the work is: shown in the task's row within seconds. Cheap to call often: what comes too fast is left out.
    /// </summary>
    public required Action<TaskProgress> ReportProgress { get; init; }
}

/// <summary>How far a running task is.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units to do; null if unknown.</param>
/// <param name="Message">What it is at, for people; up to 256 characters.</param>
public sealed record TaskProgress(long Done, long? Total = null, string? Message = null);
