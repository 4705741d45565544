using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Platform;
using Microsoft.Extensions.Logging;

namespace Chard.DeadLetters;

/// <summary>
/// Tells of each dead letter once, when it is written: who and what, but neither its arguments nor the failure's message.
/// </summary>
public sealed partial class DeadLetterNews(ChardMetrics metrics, ILogger<DeadLetterNews> logger)
{
    /// <summary>A dead letter is on the table that was not there before.</summary>
    public void Written(DeadLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        metrics.DeadLetter(letter.Task, letter.Kind);
        if (letter.Origin != DeadLetterOrigin.Task)
        {
            LogMessage(logger, letter.Id, letter.Origin, letter.Class);
        }
        else if (letter.Parked)
        {
            LogParked(logger, letter.Id, letter.Task, letter.WorkflowId, letter.Path, letter.Kind, letter.Class, letter.Attempts);
        }
        else
        {
            LogWritten(logger, letter.Id, letter.Task, letter.WorkflowId, letter.Path, letter.Kind, letter.Class, letter.Attempts);
        }
    }

    [LoggerMessage(EventId = 220, EventName = "DeadLetterWritten", Level = LogLevel.Warning,
        Message = "Dead letter {DeadLetterId}: task {Task} of workflow {WorkflowId} at {Path} has failed for good: {Kind} {Code}, "
            + "attempts: {Attempts}")]
    private static partial void LogWritten(
        ILogger logger, string deadLetterId, string? task, string? workflowId, string? path, FailureKind kind, string code, int attempts);

    [LoggerMessage(EventId = 221, EventName = "DeadLetterParked", Level = LogLevel.Warning,
        Message = "Dead letter {DeadLetterId}: workflow {WorkflowId} waits for a decision on task {Task} at {Path}, which has failed: "
            + "{Kind} {Code}, attempts: {Attempts}")]
    private static partial void LogParked(
        ILogger logger, string deadLetterId, string? task, string? workflowId, string? path, FailureKind kind, string code, int attempts);

    [LoggerMessage(EventId = 222, EventName = "DeadLetterOfMessage", Level = LogLevel.Warning,
        Message = "Dead letter {DeadLetterId}: nothing can be made of a message ({Origin}): {Code}")]
    private static partial void LogMessage(ILogger logger, string deadLetterId, DeadLetterOrigin origin, string code);
}
