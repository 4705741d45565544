namespace Chard.Domain.Failures;

/// <summary>
/// A task has failed for good: its tries are over, or an operator failed it. Its dead letter is written. Thrown by a call of a task
/// in an orchestrator, which may catch it; the message is <c>code: message</c>.
/// </summary>
public sealed class TaskExhaustedException(string task, string path, TaskFailure failure, int attempts)
    : Exception($"{failure?.Code}: {failure?.Message}")
{
    /// <summary>Name of the task.</summary>
    public string Task { get; } = task;

    /// <summary>Its position in the workflow.</summary>
    public string Path { get; } = path;

    public TaskFailure Failure { get; } = failure ?? throw new ArgumentNullException(nameof(failure));

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; } = attempts;

    /// <summary>What a workflow that ends by it shows as its error.</summary>
    public WorkflowError ToError() => new(Failure.Code, Failure.Message, Task);
}
