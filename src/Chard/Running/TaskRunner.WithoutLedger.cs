using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;

namespace Chard.Running;

/// <summary>Calls that claim no row before they run: without a ledger, and of pure tasks.</summary>
public sealed partial class TaskRunner
{
    private async Task<TaskOutcome> RunWithoutLedgerAsync(
        TaskDescriptor task,
        TaskCall call,
        CancellationToken ended,
        CancellationToken hostStops)
    {
        End end = await TryAsync(task, call, ended, hostStops);
        return end.Failure is { } failure ? Throw(failure, end.Cause) : TaskOutcome.Succeeded(end.Result!);
    }

    /// <summary>One run without a lease: its result or its failure.</summary>
    /// <exception cref="OperationCanceledException">The host stops.</exception>
    private async Task<End> TryAsync(TaskDescriptor task, TaskCall call, CancellationToken ended, CancellationToken hostStops)
    {
        if (IsLate(call) is { } late)
        {
            return late;
        }

        try
        {
            await using var run = new TaskRun(task, call, null, services, settings, payloads, time, logger, ended, hostStops);
            byte[] result = await run.ExecuteAsync(await ArgumentsAsync(task, call, hostStops));
            return new(await CheckInAsync(call, result, hostStops), null, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !hostStops.IsCancellationRequested)
        {
            return new(null, ended.IsCancellationRequested ? TaskFailure.Cancelled : Classify(e), e);
        }
    }

    /// <summary>Running a pure task twice at once does no harm, so its row is written once: when it has ended.</summary>
    private async Task<TaskOutcome> RunPureAsync(
        TaskDescriptor task, TaskCall call, TaskOrigin origin, CancellationToken ended, CancellationToken hostStops)
    {
        string runner = NextRunner();
        StoredRow? known = call.Turn == CallTurn.First ? null : await StoredAsync(() => ledger.FindAsync(call, hostStops), hostStops);
        if (known is { } found)
        {
            switch (ClaimDecision.Of(found.Row, call.Turn, runner, time.GetUtcNow()))
            {
                case ClaimAction.Answer:
                    metrics.Duplicate(task.Name);
                    return Answer(found.Row);
                case ClaimAction.Superseded:
                    metrics.Duplicate(task.Name);
                    throw Superseded();
            }
        }

        return await Begin(task, call, origin).EndsAsync(RunAndRecordAsync(task, call, runner, known, ended, hostStops));
    }

    private async Task<TaskOutcome> RunAndRecordAsync(
        TaskDescriptor task, TaskCall call, string runner, StoredRow? known, CancellationToken ended, CancellationToken hostStops)
    {
        DateTimeOffset startedAt = time.GetUtcNow();
        End end = await TryAsync(task, call, ended, hostStops);
        if (end.Failure is { } failure)
        {
            LogFailed(logger, call.Task, call.WorkflowId, call.Path, call.Attempt, failure.Kind, failure.Code);
        }

        LedgerRow row = await StoredAsync(
            () => ledger.RecordAsync(call, runner, startedAt, end.Result, end.Failure, known, hostStops), hostStops);
        return row.Runner == runner && end.Failure is { } mine ? Throw(mine, end.Cause)
            : row.Turn > call.Turn && row.Status != LedgerStatus.Succeeded ? throw Superseded()
            : Answer(row);
    }

    private static TransientTaskException Superseded() =>
        new("superseded", "superseded: A later call of this position has run; nobody waits for this one.");

    private End? IsLate(TaskCall call) => call.Deadline <= time.GetUtcNow()
        ? new(null, new(FailureKind.Permanent, TaskFailure.ExpiredCode, "The time in which the task was to be done is over."), null)
        : null;
}
