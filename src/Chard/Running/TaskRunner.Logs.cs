using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Microsoft.Extensions.Logging;

namespace Chard.Running;

/// <summary>What it tells the log.</summary>
public sealed partial class TaskRunner
{
    [LoggerMessage(EventId = 200, EventName = "TaskFailed", Level = LogLevel.Warning,
        Message = "Task {Task} of workflow {WorkflowId} at {Path} failed in attempt {Attempt}: {Kind} {Code}")]
    private static partial void LogFailed(
        ILogger logger,
        string task,
        string workflowId,
        string path,
        int attempt,
        FailureKind kind,
        string code);

    [LoggerMessage(EventId = 206, EventName = "TaskStopped", Level = LogLevel.Information,
        Message = "Task {Task} of workflow {WorkflowId} at {Path} was stopped with its workflow")]
    private static partial void LogStopped(ILogger logger, string task, string workflowId, string path);

    [LoggerMessage(EventId = 201, EventName = "TaskInDoubt", Level = LogLevel.Warning,
        Message = "A run of task {Task} of workflow {WorkflowId} at {Path} died and its effect is in doubt; policy: {InDoubt}")]
    private static partial void LogInDoubt(ILogger logger, string task, string workflowId, string path, InDoubt inDoubt);

    [LoggerMessage(EventId = 202, EventName = "TaskLeaseLost", Level = LogLevel.Warning,
        Message = "A run of task {Task} of workflow {WorkflowId} at {Path} lost its lease; what it came to is dropped")]
    private static partial void LogLost(ILogger logger, string task, string workflowId, string path);

    [LoggerMessage(EventId = 203, EventName = "TaskLeaseNotReleased", Level = LogLevel.Warning,
        Message = "The lease of workflow {WorkflowId} at {Path} could not be given back")]
    private static partial void LogNotReleased(ILogger logger, Exception exception, string workflowId, string path);
}
