using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Platform;
using Microsoft.Extensions.Logging;

namespace Chard.Running;

/// <summary>
/// The activity side of a call: fetches the arguments, claims the row, runs the task under its limits, classifies what it throws,
/// records the end. It retries nothing: failures are thrown to the orchestrator, which owns the retries.
/// </summary>
public sealed partial class TaskRunner(
    TaskCatalogue catalogue,
    TaskLedger ledger,
    LedgerSettings settings,
    TaskValueStore values,
    IPayloadStore payloads,
    FailureClassifier classifier,
    RunningWorkflows workflows,
    IServiceProvider services,
    ChardMetrics metrics,
    TimeProvider time,
    ILogger<TaskRunner> logger)
{
    // Tells the runs of this process from those of any other; the counter tells them from each other.
    private readonly string _process = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly ConcurrentDictionary<(LedgerKey Key, CallTurn Turn), Task<TaskOutcome>> _running = new();
    private long _runs;

    /// <summary>Runs one delivery of a call.</summary>
    /// <typeparam name="TTask">The task's class.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="hostStops">Fires when the host cannot wait any longer: the lease is given back, and the next
    /// delivery runs the task.</param>
    /// <exception cref="TransientTaskException">A failure that another try may not meet.</exception>
    /// <exception cref="PermanentTaskException">A failure that any try would meet.</exception>
    public Task<TaskOutcome> RunAsync<TTask>(TaskCall call, CancellationToken hostStops)
        where TTask : class
    {
        ArgumentNullException.ThrowIfNull(call);
        TaskDescriptor task = catalogue[typeof(TTask).Name];
        if (!string.Equals(call.Task, task.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new PermanentTaskException(
                "wrong-function",
                $"wrong-function: A call of {call.Task} came to the function of {task.Name}: its line runs the wrong class.");
        }

        return RunAsync(task, call, default, hostStops);
    }

    /// <summary>Runs one delivery of a call of whatever task it names.</summary>
    /// <inheritdoc cref="RunAsync{TTask}"/>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    public Task<TaskOutcome> RunAsync(TaskCall call, CancellationToken hostStops) => RunAsync(call, default(TaskOrigin), hostStops);

    /// <summary>Runs one delivery that came by the queue of slow tasks.</summary>
    /// <inheritdoc cref="RunAsync(TaskCall, CancellationToken)"/>
    internal Task<TaskOutcome> RunAsync(TaskCall call, TaskOrigin origin, CancellationToken hostStops)
    {
        ArgumentNullException.ThrowIfNull(call);
        return RunAsync(catalogue[call.Task], call, origin, hostStops);
    }

    private async Task<TaskOutcome> RunAsync(TaskDescriptor task, TaskCall call, TaskOrigin origin, CancellationToken hostStops)
    {
        // What was waiting for its turn when its workflow was ended does not begin any more.
        using RunningWorkflow workflow = await workflows.EnterAsync(call.WorkflowId, hostStops);
        workflow.ThrowIfEnded();
        return await (call.WithoutLedger
                ? Begin(task, call, origin).EndsAsync(RunWithoutLedgerAsync(task, call, workflow.Ended, hostStops))
            : task.Policy.Pure ? RunPureAsync(task, call, origin, workflow.Ended, hostStops)
            : JoinAsync(task, call, origin, workflow.Ended, hostStops));
    }

    private TaskTry Begin(TaskDescriptor task, TaskCall call, TaskOrigin origin) => TaskTry.Begin(task.Name, call, origin, metrics, time);

    /// <summary>A second delivery within the process waits for the first one, at no cost.</summary>
    private async Task<TaskOutcome> JoinAsync(
        TaskDescriptor task, TaskCall call, TaskOrigin origin, CancellationToken ended, CancellationToken hostStops)
    {
        var id = (new LedgerKey(call.WorkflowId, call.Shard, call.Path), call.Turn);
        var mine = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<TaskOutcome> running = _running.GetOrAdd(id, mine.Task);
        if (running != mine.Task)
        {
            metrics.Duplicate(task.Name);
            return await running.WaitAsync(hostStops);
        }

        try
        {
            TaskOutcome outcome = await RunRecordedAsync(task, call, origin, ended, hostStops);
            mine.SetResult(outcome);
            return outcome;
        }
        catch (Exception e)
        {
            mine.SetException(e);
            _ = mine.Task.Exception; // seen: with no second delivery nobody else looks at it
            throw;
        }
        finally
        {
            _running.TryRemove(new(id, mine.Task));
        }
    }

    private async Task<TaskOutcome> RunRecordedAsync(
        TaskDescriptor task, TaskCall call, TaskOrigin origin, CancellationToken ended, CancellationToken hostStops)
    {
        ClaimResult claim = await StoredAsync(() => ledger.ClaimAsync(call, NextRunner(), hostStops), hostStops);
        if (claim.Lease is not { } lease)
        {
            metrics.Duplicate(task.Name);
            return claim switch
            {
                { Recorded: { } row } => Answer(row),
                { BusyFor: { } rest } => TaskOutcome.Busy(rest > TimeSpan.Zero ? rest : TimeSpan.Zero),
                _ => throw Superseded(),
            };
        }

        using (lease)
        {
            return await Begin(task, call, origin).EndsAsync(RunLeasedAsync(task, call, lease, claim.InDoubt, ended, hostStops));
        }
    }

    private async Task<TaskOutcome> RunLeasedAsync(
        TaskDescriptor task, TaskCall call, LedgerLease lease, LedgerRow? inDoubt, CancellationToken ended, CancellationToken hostStops)
    {
        End end;
        try
        {
            end = await EndAsync(task, call, lease, inDoubt, ended, hostStops);
        }
        catch (Exception e) when (e is OperationCanceledException or UnrecordedException)
        {
            // Nothing is known to have failed: whoever gets the call next decides, and need not wait for this lease.
            await ReleaseAsync(lease);
            throw e is UnrecordedException
                ? new TransientTaskException("result-not-stored", "result-not-stored: " + e.InnerException!.Message, e.InnerException)
                : e;
        }

        if (end.Failure is { } failure)
        {
            if (ReferenceEquals(failure, TaskFailure.Cancelled))
            {
                LogStopped(logger, call.Task, call.WorkflowId, call.Path);
            }
            else
            {
                LogFailed(logger, call.Task, call.WorkflowId, call.Path, call.Attempt, failure.Kind, failure.Code);
            }

            return await StoredAsync(() => lease.FailAsync(failure, hostStops), hostStops) ? Throw(failure, end.Cause) : Lost(call);
        }

        return end.Result is { } result && await StoredAsync(() => lease.SucceedAsync(result, hostStops), hostStops)
            ? TaskOutcome.Succeeded(result)
            : Lost(call);
    }

    /// <summary>
    /// What the call came to, not recorded yet: a result by a run or by a probe, a failure, or neither if the lease is lost.
    /// </summary>
    /// <exception cref="OperationCanceledException">The host stops.</exception>
    /// <exception cref="UnrecordedException">The task is done and its result cannot be stored.</exception>
    private async Task<End> EndAsync(
        TaskDescriptor task, TaskCall call, LedgerLease lease, LedgerRow? inDoubt, CancellationToken ended, CancellationToken hostStops)
    {
        // An operator who retries has looked: only doubt that nobody has decided yet is left to one.
        if (inDoubt is not null && call.InDoubt == InDoubt.Park && inDoubt.Turn.Generation == call.Generation)
        {
            const string Message =
                "A run of the task died, and nobody knows whether its effect landed. Look, then retry the task or give its result.";
            return new(null, new(FailureKind.Permanent, TaskFailure.InDoubtCode, Message), null);
        }

        if (IsLate(call) is { } late)
        {
            return late;
        }

        byte[] result;
        try
        {
            await using var run = new TaskRun(task, call, lease, services, settings, payloads, time, logger, ended, hostStops);
            TaskArguments args = await ArgumentsAsync(task, call, hostStops);
            if (inDoubt is not null)
            {
                LogInDoubt(logger, call.Task, call.WorkflowId, call.Path, call.InDoubt);
            }

            byte[]? landed = inDoubt is not null && call.InDoubt == InDoubt.Probe ? await run.ProbeAsync(args) : null;
            result = landed ?? await run.ExecuteAsync(args);
        }
        catch (LeaseLostException)
        {
            return new(null, null, null);
        }
        catch (Exception) when (hostStops.IsCancellationRequested)
        {
            // What a task throws while it is being stopped tells nothing about it.
            throw new OperationCanceledException(hostStops);
        }
        catch (Exception e) when (e is not OutOfMemoryException && ended.IsCancellationRequested)
        {
            return new(null, TaskFailure.Cancelled, e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(null, Classify(e), e);
        }

        try
        {
            return new(await CheckInAsync(call, result, hostStops), null, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new UnrecordedException(e);
        }
    }

    /// <summary>The arguments, loaded unless they are large and the task reads them item by item.</summary>
    private async Task<TaskArguments> ArgumentsAsync(TaskDescriptor task, TaskCall call, CancellationToken cancellationToken) =>
        task.Streams && call.Args.Reference is { Bytes: > TaskValue.MaxInlineBytes } stored
            ? new(default, stored)
            : new(await values.CheckOutAsync(call.Args, cancellationToken));

    private Task<TaskValue> CheckInAsync(TaskCall call, byte[] result, CancellationToken cancellationToken) =>
        values.CheckInAsync(
            call.WorkflowId, "results/" + (call.Shard is null ? "" : call.Shard + "/") + call.Path, result, cancellationToken);

    /// <summary>A text that no other run has.</summary>
    internal string NextRunner() => string.Create(CultureInfo.InvariantCulture, $"{_process}-{Interlocked.Increment(ref _runs)}");

    private TaskFailure Classify(Exception e) => classifier.Classify(e, new(time.GetUtcNow(), e is TimeLimitException));

    private static TaskOutcome Answer(LedgerRow row) => row switch
    {
        { Status: LedgerStatus.Succeeded } => TaskOutcome.Succeeded(row.Result ?? TaskValue.Null),
        { Failure: { } failure } => Throw(failure, null),
        _ => throw new InvalidOperationException($"The ledger's row of {row.Key} is {row.Status} and says neither result nor failure."),
    };

    private static TaskOutcome Throw(TaskFailure failure, Exception? cause) =>
        failure.Kind == FailureKind.RateLimited
            ? TaskOutcome.RateLimited(failure.RetryAfter, failure.Code, failure.Message)
            : throw failure.ToException(cause);

    /// <summary>Another run has the row: what it records is what the caller gets.</summary>
    private TaskOutcome Lost(TaskCall call)
    {
        LogLost(logger, call.Task, call.WorkflowId, call.Path);
        return TaskOutcome.Busy(TimeSpan.FromSeconds(1));
    }

    /// <summary>The ledger's own troubles are transient, whatever storage calls them: the task is not to blame.</summary>
    private static async Task<T> StoredAsync<T>(Func<Task<T>> write, CancellationToken hostStops)
    {
        try
        {
            return await write();
        }
        catch (Exception e) when (e is not OutOfMemoryException && !hostStops.IsCancellationRequested)
        {
            // The row stays claimed: what the task did is in doubt until a later call has decided.
            throw new TransientTaskException("ledger-unavailable", $"ledger-unavailable: The ledger cannot be written: {e.Message}", e);
        }
    }

    private async Task ReleaseAsync(LedgerLease lease)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await lease.ReleaseAsync(patience.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The lease then runs out by itself; the host cannot wait for more.
            LogNotReleased(logger, e, lease.Row.Key.WorkflowId, lease.Row.Key.Path);
        }
    }

    private readonly record struct End(TaskValue? Result, TaskFailure? Failure, Exception? Cause);

    /// <summary>The task has done its work and its result is lost: as much in doubt as a run that died.</summary>
    private sealed class UnrecordedException(Exception inner) : Exception(inner.Message, inner);
}
