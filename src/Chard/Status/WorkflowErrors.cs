using System.Text.RegularExpressions;
using Chard.Domain.Failures;
using Microsoft.DurableTask;

namespace Chard.Status;

/// <summary>What a workflow's status says of the exception that ended it.</summary>
public static partial class WorkflowErrors
{
    /// <summary>Code of a failure that named none.</summary>
    public const string Unhandled = "unhandled";

    // What the durable SDK calls the failure of whatever an orchestrator called.
    private const string FailedCall = "Microsoft.DurableTask.TaskFailedException";

    /// <summary>The error of a failed orchestrator. A task's failure carries its code in its message, <c>code: message</c>.</summary>
    public static WorkflowError From(Exception exception) => exception switch
    {
        null => throw new ArgumentNullException(nameof(exception)),
        TaskExhaustedException exhausted => exhausted.ToError(),
        TaskFailureException failure => new(
            failure.Code,
            failure.Message.StartsWith(failure.Code + ": ", StringComparison.Ordinal)
                ? failure.Message[(failure.Code.Length + 2)..]
                : failure.Message),
        TaskFailedException failed when failed.FailureDetails is { } details => From(details, failed.TaskName),
        AggregateException { InnerException: { } inner } => From(inner),
        _ => new(Unhandled, exception.Message),
    };

    /// <summary>
    /// The error of a failed orchestration, as the engine tells it. The cause lies innermost: what is
    /// outside of it only says who called.
    /// </summary>
    public static WorkflowError From(TaskFailureDetails details, string? task = null)
    {
        ArgumentNullException.ThrowIfNull(details);
        TaskFailureDetails cause = details;
        while (!IsKind(cause.ErrorType) && cause.ErrorType == FailedCall && cause.InnerFailure is { } inner)
        {
            cause = inner;
        }

        return IsKind(cause.ErrorType) && Coded().Match(cause.ErrorMessage) is { Success: true } match
            ? new(match.Groups["code"].Value, match.Groups["message"].Value, task)
            : new(Unhandled, cause.ErrorMessage, task);
    }

    private static bool IsKind(string errorType) => FailureType.IsCoded(FailureType.Of(errorType));

    [GeneratedRegex(@"\A(?<code>[A-Za-z0-9._-]{1,100}): (?<message>.*)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Coded();
}
