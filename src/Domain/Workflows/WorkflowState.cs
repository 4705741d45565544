using System.Text.Json;

namespace Chard.Domain.Workflows;

/// <summary>The user-visible state of one workflow: one row in the status table.</summary>
public sealed record WorkflowState
{
    /// <summary>The workflow's id, which is its orchestration's instance id too.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the workflow, as in the catalogue.</summary>
    public required string Workflow { get; init; }

    /// <summary>Where it stands.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>Whose it is, as the caller said; null if the caller said nothing.</summary>
    public string? Owner { get; init; }

    /// <summary>Null until the workflow knows how many tasks it has.</summary>
    public WorkflowProgress? Progress { get; init; }

    /// <summary>When the start was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its orchestrator first reported, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it reached a final status, UTC.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public WorkflowError? Error { get; init; }

    /// <summary>Its result; null until it has completed, and for a workflow without one.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>This state after <paramref name="update"/>, or null if <see cref="WorkflowTransitions"/> forbids the step.</summary>
    public WorkflowState? Apply(WorkflowUpdate update, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (!WorkflowTransitions.IsValid(Status, update.Status))
        {
            return null;
        }

        return this with
        {
            Status = update.Status,
            Progress = update.Progress ?? Progress,
            Error = update.Error ?? Error,
            Result = update.Result ?? Result,
            StartedAt = StartedAt ?? (update.Status == WorkflowStatus.Queued ? null : now),
            CompletedAt = CompletedAt ?? (WorkflowTransitions.IsFinal(update.Status) ? now : null),
        };
    }
}
