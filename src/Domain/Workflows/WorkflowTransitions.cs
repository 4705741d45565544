namespace Chard.Domain.Workflows;

/// <summary>Which status may follow which. Anything may be repeated; nothing leaves a final status.</summary>
public static class WorkflowTransitions
{
    /// <summary>True for <see cref="WorkflowStatus.Completed"/>, Failed, Cancelled and Expired: the workflow will not change any more.</summary>
    public static bool IsFinal(WorkflowStatus status) =>
        status is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Cancelled or WorkflowStatus.Expired;

    /// <summary>
    /// True if a row in <paramref name="from"/> may be rewritten as <paramref name="to"/>. A late "running" of a
    /// redelivered activity must not hide that the workflow has ended meanwhile; the same final status may be
    /// written twice, since a redelivered update repeats what it said.
    /// </summary>
    public static bool IsValid(WorkflowStatus from, WorkflowStatus to) =>
        from == to || (!IsFinal(from) && to != WorkflowStatus.Queued);
}
