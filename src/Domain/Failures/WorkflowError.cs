namespace Chard.Domain.Failures;

/// <summary>Why a workflow ended badly.</summary>
/// <param name="Code">Stable name of the failure, for programs: <c>not-csv</c>, <c>table-mismatch</c>, …</param>
/// <param name="Message">What went wrong and what to do, for people.</param>
/// <param name="Task">Name of the task that failed; null if none was to blame.</param>
public sealed record WorkflowError(string Code, string Message, string? Task = null);
