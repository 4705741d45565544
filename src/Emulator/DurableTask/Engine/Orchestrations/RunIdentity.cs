using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>Who an execution is. The reference is what entities answer to: another execution of the same id has another.</summary>
internal sealed record RunIdentity(string InstanceId, string Name, string Version, ParentOrchestrationInstance? Parent, string Reference);

/// <summary>What executions share: converters, code, loggers, rules.</summary>
internal sealed record RunServices(PayloadCodec Codec, IDurableFunctions Functions, ILoggerFactory LoggerFactory, DurableEngineOptions Options)
{
    /// <summary>The failure of an exception, with the properties that the app's provider adds at every level.</summary>
    public Failure Describe(Exception exception) => new(WithProperties(Stored(exception), exception));

    // As in the real engine: what a failed task told is kept when its exception escapes as it is. Wrapped in another exception,
    // only its type and message are.
    private static TaskFailureDetails Stored(Exception exception)
    {
        var details = TaskFailureDetails.FromException(exception);
        return exception is TaskFailedException ? details : details with { InnerFailure = WithoutTaskDetails(details.InnerFailure, exception.InnerException) };
    }

    private static TaskFailureDetails? WithoutTaskDetails(TaskFailureDetails? details, Exception? exception) => (details, exception) switch
    {
        (null, _) or (_, null) => details,
        (_, TaskFailedException) => details with { InnerFailure = null },
        _ => details with { InnerFailure = WithoutTaskDetails(details.InnerFailure, exception.InnerException) },
    };

    private TaskFailureDetails WithProperties(TaskFailureDetails details, Exception exception)
    {
        if (Options.ExceptionProperties is not { } provider)
        {
            return details;
        }

        var inner = exception is not TaskFailedException && exception.InnerException is { } cause && details.InnerFailure is { } failure
            ? WithProperties(failure, cause)
            : details.InnerFailure;
        return details with { InnerFailure = inner, Properties = provider(exception) };
    }
}
