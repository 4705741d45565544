using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chard.Running;

/// <summary>
/// One run of a task: its token, which fires at the time limit, at a lost lease, when the workflow has been ended and when the host stops,
/// and the renewal of its lease.
/// </summary>
internal sealed partial class TaskRun : IAsyncDisposable
{
    /// <summary>What timers take; no process lives longer than that.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private readonly TaskDescriptor _task;
    private readonly TaskCall _call;
    private readonly LedgerLease? _lease;
    private readonly LedgerSettings _settings;
    private readonly TimeProvider _time;
    private readonly CancellationToken _hostStops;
    private readonly CancellationToken _workflowEnded;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource? _limit;
    private readonly AsyncServiceScope _scope;
    private readonly TaskContext _context;
    private readonly ITimer? _renewal;
    private TaskProgress? _progress;
    private long _progressSent;
    private int _renewing;
    private volatile bool _lost;

    public TaskRun(
        TaskDescriptor task, TaskCall call, LedgerLease? lease, IServiceProvider services, LedgerSettings settings, IPayloadStore payloads,
        TimeProvider time, ILogger logger, CancellationToken workflowEnded, CancellationToken hostStops)
    {
        (_task, _call, _lease, _settings, _time, _logger) = (task, call, lease, settings, time, logger);
        (_workflowEnded, _hostStops) = (workflowEnded, hostStops);
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset? deadline = call.TimeLimitSeconds is { } seconds ? now.AddSeconds(seconds) : null;
        deadline = call.Deadline < (deadline ?? DateTimeOffset.MaxValue) ? call.Deadline : deadline;
        if (deadline is { } end)
        {
            TimeSpan left = end - now;
            _limit = new(left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestTimer ? left : LongestTimer, time);
        }

        _stop = CancellationTokenSource.CreateLinkedTokenSource(hostStops, workflowEnded, _limit?.Token ?? CancellationToken.None);
        _scope = services.CreateAsyncScope();
        _progressSent = time.GetTimestamp();
        _context = new()
        {
            WorkflowId = call.WorkflowId,
            Path = call.Path,
            Task = task.Name,
            Attempt = call.Attempt,
            Waits = call.Wait,
            IdempotencyKey = call.IdempotencyKey,
            Stamps = Stamps.Union(call.WorkflowStamps, call.Stamps),
            Deadline = deadline,
            Payloads = payloads,
            Time = time,
            ReportProgress = Report,
        };
        if (lease is not null)
        {
            TimeSpan period = settings.Lease / 3;
            _renewal = time.CreateTimer(static run => ((TaskRun)run!).Renew(), this, period, period);
        }
    }

    public Task<byte[]> ExecuteAsync(TaskArguments args) =>
        LimitedAsync(token => _task.Invoker.RunAsync(Instance(), args, _context, token));

    public Task<byte[]?> ProbeAsync(TaskArguments args) =>
        LimitedAsync(token => _task.Invoker.ProbeAsync(Instance(), args, _context, token));

    public async ValueTask DisposeAsync()
    {
        if (_renewal is not null)
        {
            await _renewal.DisposeAsync();
        }

        await _scope.DisposeAsync();
        _stop.Dispose();
        _limit?.Dispose();
    }

    private object Instance() => ActivatorUtilities.GetServiceOrCreateInstance(_scope.ServiceProvider, _task.Type);

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> run)
    {
        Task<T> running = run(_stop.Token);
        try
        {
            if (!running.IsCompleted && !await EndsAsync(running))
            {
                LogAbandoned(_logger, _task.Name, _call.WorkflowId, _call.Path, _settings.AbandonAfter.TotalSeconds);
                throw new TimeLimitException();
            }

            return await running;
        }
        catch (OperationCanceledException e) when (_stop.IsCancellationRequested)
        {
            _hostStops.ThrowIfCancellationRequested();
            throw _lost ? new LeaseLostException()
                : _workflowEnded.IsCancellationRequested ? new WorkflowEndedException(e)
                : new TimeLimitException(e);
        }
    }

    /// <summary>
    /// Waits for the end. A task that ignores its token is left behind after a grace, so that it cannot hold its workflow for ever.
    /// </summary>
    private async Task<bool> EndsAsync(Task running)
    {
        Task fired = Task.Delay(Timeout.InfiniteTimeSpan, _time, _stop.Token);
        if (await Task.WhenAny(running, fired) == running)
        {
            return true;
        }

        Task grace = Task.Delay(_settings.AbandonAfter, _time, CancellationToken.None);
        if (await Task.WhenAny(running, grace) == running)
        {
            return true;
        }

        // Whatever it still throws is seen by nobody; it must not end the process.
        _ = running.ContinueWith(
            static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _hostStops.ThrowIfCancellationRequested();
        return _lost ? throw new LeaseLostException() : false;
    }

    private void Report(TaskProgress progress)
    {
        _progress = progress with { Message = progress.Message is { Length: > 256 } long_ ? long_[..256] : progress.Message };
        long sent = Interlocked.Read(ref _progressSent);
        if (_lease is not null && _time.GetElapsedTime(sent) >= _settings.ProgressInterval
            && Interlocked.CompareExchange(ref _progressSent, _time.GetTimestamp(), sent) == sent)
        {
            Renew();
        }
    }

    private void Renew() => _ = RenewAsync();

    private async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _renewing, 1) == 1)
        {
            return; // a renewal that takes long is not helped by another one
        }

        try
        {
            if (!await _lease!.RenewAsync(Interlocked.Exchange(ref _progress, null), CancellationToken.None))
            {
                _lost = true;
                await _stop.CancelAsync();
            }
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Two more renewals come before the lease runs out; after that the ETag decides.
            LogNotRenewed(_logger, e, _task.Name, _call.WorkflowId, _call.Path);
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
    }

    [LoggerMessage(
        EventId = 204, EventName = "TaskAbandoned", Level = LogLevel.Error,
        Message = "Task {Task} of workflow {WorkflowId} at {Path} ignored its token for {Seconds} s after its end was due; "
            + "it is left behind and may still do something")]
    private static partial void LogAbandoned(ILogger logger, string task, string workflowId, string path, double seconds);

    [LoggerMessage(
        EventId = 205, EventName = "TaskLeaseNotRenewed", Level = LogLevel.Warning,
        Message = "The lease of task {Task} of workflow {WorkflowId} at {Path} could not be renewed")]
    private static partial void LogNotRenewed(ILogger logger, Exception exception, string task, string workflowId, string path);
}

/// <summary>The run's time limit was reached.</summary>
internal sealed class TimeLimitException(Exception? inner = null)
    : OperationCanceledException("The time limit of the task was reached.", inner);

/// <summary>The workflow was cancelled or its time was over: the run is stopped with it.</summary>
internal sealed class WorkflowEndedException(Exception? inner = null) : Exception("The task was stopped with its workflow.", inner);

/// <summary>Another run has taken over; nobody waits for this one.</summary>
internal sealed class LeaseLostException() : Exception("The run has lost its lease.");
