namespace Chard.Domain.Workflows;

/// <summary>How far a workflow is, counted in its tasks.</summary>
/// <param name="Total">Tasks known so far.</param>
/// <param name="Succeeded">Tasks that have finished well.</param>
/// <param name="Failed">Tasks that have failed for good.</param>
public sealed record WorkflowProgress(int Total, int Succeeded, int Failed);
