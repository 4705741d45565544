using Chard.Domain.Failures;

namespace Chard.Domain.Workflows;

/// <summary>
/// Which status may follow which, and what a state becomes by a report or an operator's request. Nothing leaves a final status.
/// </summary>
public static class WorkflowTransitions
{
    /// <summary>
    /// True for <see cref="WorkflowStatus.Completed"/>, Failed, Cancelled and Expired: the workflow will not change any more.
    /// </summary>
    public static bool IsFinal(WorkflowStatus status) =>
        status is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Cancelled or WorkflowStatus.Expired;

    /// <summary>
    /// True if a row in <paramref name="from"/> may be rewritten as <paramref name="to"/>. A late "running" of a
    /// redelivered activity must not hide that the workflow has ended meanwhile.
    /// </summary>
    public static bool IsValid(WorkflowStatus from, WorkflowStatus to) =>
        from == to || (!IsFinal(from) && to != WorkflowStatus.Queued);

    /// <summary>
    /// The state after what the orchestrator reports: the same object if nothing changes, null if the report comes too late. A
    /// paused workflow stays paused while what was under way finishes: the report says what it will go on with.
    /// </summary>
    public static WorkflowState? Apply(WorkflowState state, WorkflowUpdate update, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(update);
        if (!IsValid(state.Status, update.Status))
        {
            return null;
        }

        if (IsFinal(state.Status))
        {
            return state;
        }

        // How far it is says nothing of a task that waits for an operator: others go on meanwhile.
        bool isParked = (state.Status == WorkflowStatus.Paused ? state.PausedFrom : state.Status) == WorkflowStatus.Parked;
        WorkflowStatus status = isParked && update is { Status: WorkflowStatus.Running, Progress: not null }
            ? WorkflowStatus.Parked
            : update.Status;
        bool staysPaused = state.Status == WorkflowStatus.Paused && !IsFinal(status);
        WorkflowState next = state with
        {
            Status = staysPaused ? WorkflowStatus.Paused : status,
            PausedFrom = staysPaused && status != WorkflowStatus.Paused ? status : state.PausedFrom,
            Progress = update.Progress ?? state.Progress,
            Error = update.Error ?? state.Error,
            StartedAt = state.StartedAt ?? (update.Status == WorkflowStatus.Queued ? null : now),
        };
        return Changed(state, next, now);
    }

    /// <summary>The state once paused; the same object if it is; null if it has not begun or has ended.</summary>
    public static WorkflowState? Pause(WorkflowState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Status switch
        {
            WorkflowStatus.Paused => state,
            WorkflowStatus.Running or WorkflowStatus.Parked =>
                Changed(state, state with { Status = WorkflowStatus.Paused, PausedFrom = state.Status }, now),
            _ => null,
        };
    }

    /// <summary>The state once resumed; null if it is not paused.</summary>
    public static WorkflowState? Resume(WorkflowState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Status == WorkflowStatus.Paused
            ? Changed(state, state with { Status = state.PausedFrom ?? WorkflowStatus.Running, PausedFrom = null }, now)
            : null;
    }

    /// <summary>The state once cancelled; the same object if it is; null if it has ended otherwise.</summary>
    public static WorkflowState? Cancel(WorkflowState state, DateTimeOffset now, WorkflowError? reason = null) =>
        End(state, WorkflowStatus.Cancelled, reason, now);

    /// <summary>The state once its time is over; the same object if it has expired; null if it has ended otherwise.</summary>
    public static WorkflowState? Expire(WorkflowState state, DateTimeOffset now) =>
        End(state, WorkflowStatus.Expired, new("expired", "The workflow was not finished in the time it was given."), now);

    private static WorkflowState? End(WorkflowState state, WorkflowStatus status, WorkflowError? reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Status == status ? state
            : IsFinal(state.Status) ? null
            : Changed(state, state with { Status = status, Error = reason ?? state.Error }, now);
    }

    private static WorkflowState Changed(WorkflowState state, WorkflowState next, DateTimeOffset now)
    {
        if (next == state)
        {
            return state;
        }

        bool final = IsFinal(next.Status);
        return next with
        {
            Version = state.Version + 1,
            UpdatedAt = now,
            CompletedAt = final ? now : null,
            PausedFrom = final ? null : next.PausedFrom,
        };
    }
}
