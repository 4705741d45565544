using System.Diagnostics;
using Chard.Domain.Failures;
using Microsoft.DurableTask;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Chard.Platform;

/// <summary>
/// Takes from spans what may hold values of arguments: messages of failures, which the worker writes into a failed function's status, and
/// the text of queries, whose tables and columns may be named by arguments. What a library has noted of an exception cannot be taken away
/// again, so such a span, as that of a failed command, is not sent: the task's tells of the failure.
/// </summary>
internal sealed class SpansWithoutValues : BaseProcessor<Activity>
{
    private static readonly string[] Texts = ["db.query.text", "db.statement", "otel.status_description"];

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Status == ActivityStatusCode.Error && data.StatusDescription is not null && data.Source.Name != TelemetryNames.Source)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }

        if (data.Events.Any(e => e.Name == "exception"))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        foreach (string text in Texts)
        {
            if (data.GetTagItem(text) is not null)
            {
                data.SetTag(text, null);
            }
        }
    }
}

/// <summary>
/// Takes failures of tasks from logs where the platform logs them whole, message and all: what a task's author wrote there may hold values
/// of arguments. The kind and the code stand in the line of the task itself, the message in its dead letter.
/// </summary>
internal sealed class LogsWithoutFailures : BaseProcessor<LogRecord>
{
    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        if (IsOfTask(data.Exception))
        {
            data.Attributes = [.. data.Attributes ?? [], new("exception.type", data.Exception!.GetType().FullName)];
            data.Exception = null;
        }
    }

    private static bool IsOfTask(Exception? exception) => exception switch
    {
        null => false,
        TaskFailureException or TaskExhaustedException or TaskFailedException => true,
        AggregateException many => many.InnerExceptions.Any(IsOfTask),
        _ => IsOfTask(exception.InnerException),
    };
}
