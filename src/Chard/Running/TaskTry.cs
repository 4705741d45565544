using System.Diagnostics;
using System.Globalization;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Platform;

namespace Chard.Running;

/// <summary>
/// What is told of one try of a task, from its beginning to its end: its measurements, and a span that is current while it runs, so that
/// what the task calls belongs to it. Neither holds arguments, results or messages of failures.
/// </summary>
internal readonly struct TaskTry
{
    private static readonly ActivitySource Spans = new(TelemetryNames.Source, TelemetryNames.Version);

    private readonly ChardMetrics _metrics;
    private readonly TaskCall _call;
    private readonly string _task;
    private readonly TaskRoute _route;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _latency;
    private readonly long _begun;
    private readonly Activity? _span;

    private TaskTry(string task, TaskCall call, TaskOrigin origin, ChardMetrics metrics, TimeProvider time)
    {
        (_task, _call, _route, _metrics, _time) = (task, call, origin.Route, metrics, time);
        _latency = call.ScheduledAt is { } at ? time.GetUtcNow() - at : null;
        _begun = time.GetTimestamp();
        if (Spans.HasListeners()
            && Spans.StartActivity(ActivityKind.Internal, origin.Parent, links: LinksOf(origin), name: task) is { } span)
        {
            _span = span;
            span.SetTag(TelemetryNames.TaskTag, task);
            span.SetTag(TelemetryNames.RouteTag, RouteText);
            span.SetTag(TelemetryNames.AttemptTag, call.Attempt);
            span.SetTag(TelemetryNames.WorkflowIdTag, call.WorkflowId);
            span.SetTag(TelemetryNames.PathTag, call.Path);
            if (_latency is { } latency)
            {
                span.SetTag(TelemetryNames.LatencyTag, Math.Max(0, latency.TotalSeconds).ToString("0.###", CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>A task from the queue belongs to its workflow's trace; the delivery that brought it has one of its own.</summary>
    private static ActivityLink[]? LinksOf(TaskOrigin origin) =>
        origin.Parent != default && Activity.Current is { } delivery ? [new(delivery.Context)] : null;

    private string RouteText => _route == TaskRoute.Slow ? TelemetryNames.SlowRoute : TelemetryNames.FastRoute;

    /// <summary>A try begins. Its span is the current one of whoever asks, and of what is begun from there.</summary>
    public static TaskTry Begin(string task, TaskCall call, TaskOrigin origin, ChardMetrics metrics, TimeProvider time) =>
        new(task, call, origin, metrics, time);

    /// <summary>Waits for the end of the try, and tells of it.</summary>
    public async Task<TaskOutcome> EndsAsync(Task<TaskOutcome> run)
    {
        try
        {
            TaskOutcome outcome = await run;
            if (outcome.Again is not { } again)
            {
                Tell(TelemetryNames.Succeeded, code: null);
            }
            else if (!again.IsBusy)
            {
                Tell(TelemetryNames.RateLimited, again.Code);
            }

            // A run that has lost its lease has come to nothing: the one that has it tells.
            return outcome;
        }
        catch (TaskFailureException e)
        {
            bool isLast = _call.LastAttempt is not { } last || _call.Attempt >= last;
            Tell(
                e.Code == TaskFailure.CancelledCode ? TelemetryNames.Cancelled
                : e.Kind == FailureKind.Transient && !isLast ? TelemetryNames.Retried
                : TelemetryNames.Failed,
                e.Code);
            throw;
        }
        finally
        {
            _span?.Dispose();
        }
    }

    private void Tell(string outcome, string? code)
    {
        if (_metrics.CountsTries)
        {
            _metrics.TryEnded(_task, _route, _latency, _time.GetElapsedTime(_begun), outcome);
        }

        if (_span is not null)
        {
            _span.SetTag(TelemetryNames.OutcomeTag, outcome);
            if (code is not null)
            {
                _span.SetTag(TelemetryNames.ErrorTypeTag, code);
            }

            if (outcome is TelemetryNames.Failed or TelemetryNames.Retried)
            {
                _span.SetStatus(ActivityStatusCode.Error, code);
            }
        }
    }
}

/// <summary>How a delivery of a call came here.</summary>
/// <param name="Route">As an activity, or by the queue of slow tasks.</param>
/// <param name="Parent">The span that asked for it, if that is not the current one.</param>
internal readonly record struct TaskOrigin(TaskRoute Route, ActivityContext Parent = default);
