using Chard.Domain.Failures;

namespace Chard.Domain.Workflows;

/// <summary>The user-visible state of one workflow: one row in the status table. Its result is kept beside it.</summary>
public sealed record WorkflowState
{
    /// <summary>The workflow's id, which is its orchestration's instance id too.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the workflow, as in the catalogue; <c>RunCanvas</c> for a canvas, and for one task started alone.</summary>
    public required string Workflow { get; init; }

    /// <summary>Where it stands.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>Counts the changes, from 1: two states of one workflow with the same version are the same.</summary>
    public long Version { get; init; } = 1;

    /// <summary>Whose it is, as the caller said; null if the caller said nothing.</summary>
    public string? Owner { get; init; }

    /// <summary>Labels put on it at the start.</summary>
    public IReadOnlyList<string> Stamps { get; init; } = [];

    /// <summary>Null until the workflow knows how many tasks it has.</summary>
    public WorkflowProgress? Progress { get; init; }

    /// <summary>When the start was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not to begin before, UTC; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>To be finished by, UTC; null for no such limit.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When its orchestrator first reported, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it reached a final status, UTC.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>While it is paused, the status to go on with.</summary>
    public WorkflowStatus? PausedFrom { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public WorkflowError? Error { get; init; }

    /// <summary>True if the time it was given is over and it is not done.</summary>
    public bool IsOverdue(DateTimeOffset now) => !WorkflowTransitions.IsFinal(Status) && ExpiresAt <= now;
}
