using System.Collections.Concurrent;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.Extensions.Logging;

namespace Chard.Running;

/// <summary>
/// The workflows that have work in this process, and whether they have been ended or paused, by a user or by their time. What is ended in
/// this process is known at once; what is ended elsewhere by a look at its status row, one point read every two seconds for each
/// workflow that has been at work here for that long. Short work costs nothing, and nothing is read while nothing runs. A workflow
/// without a status row is left alone.
/// </summary>
public sealed partial class RunningWorkflows : IDisposable
{
    /// <summary>Time from one look to the next. A cancel is known here after this and the time of a look, at most twice.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>How many ended workflows are remembered, so that what waits for its turn does not begin: the last ones.</summary>
    public const int Remembered = 10_000;

    // A tick a little early still looks at the work that armed it.
    private static readonly TimeSpan Short = Interval * 0.75;
    private const int LooksAtOnce = 16;

    private readonly IWorkflowStatusStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<RunningWorkflows> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Work> _running = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly Queue<string> _endedInOrder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly ITimer _timer;
    private bool _armed;

    /// <summary>Nothing runs yet.</summary>
    public RunningWorkflows(IWorkflowStatusStore store, TimeProvider time, ILogger<RunningWorkflows> logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_store, _time, _logger, _stop) = (store, time, logger, _stopping.Token);
        _timer = time.CreateTimer(
            static workflows => ((RunningWorkflows)workflows!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Work of a workflow begins; dispose what is given when it is over.</summary>
    public RunningWorkflow Enter(string workflowId)
    {
        ArgumentNullException.ThrowIfNull(workflowId);
        lock (_gate)
        {
            if (_ended.Contains(workflowId))
            {
                return new(null, new CancellationToken(canceled: true));
            }

            if (!_running.TryGetValue(workflowId, out Work? work))
            {
                _running[workflowId] = work = new(_time.GetTimestamp());
                Arm();
            }

            work.Users++;
            return new(() => Leave(workflowId, work), work.Ended.Token, () => work.IsPaused);
        }
    }

    /// <summary>
    /// As <see cref="Enter"/>, for work that storage is to be asked about if its workflow is remembered to have been ended: its id may have
    /// been given up since, by an erasure, and started anew.
    /// </summary>
    public async ValueTask<RunningWorkflow> EnterAsync(string workflowId, CancellationToken cancellationToken)
    {
        RunningWorkflow work = Enter(workflowId);
        if (!work.Ended.IsCancellationRequested
            || await _store.GetAsync(workflowId, cancellationToken)
                is null or { Status: WorkflowStatus.Cancelled or WorkflowStatus.Expired })
        {
            return work;
        }

        work.Dispose();
        Forget(workflowId);
        return Enter(workflowId);
    }

    /// <summary>Forgets that a workflow was ended.</summary>
    public void Forget(string workflowId)
    {
        lock (_gate)
        {
            _ended.Remove(workflowId);
        }
    }

    /// <summary>
    /// Tells that a workflow has been cancelled, or that its time was over: its work here is stopped, and no more begins.
    /// </summary>
    public void End(string workflowId)
    {
        ArgumentNullException.ThrowIfNull(workflowId);
        Work? work;
        lock (_gate)
        {
            if (!_ended.Add(workflowId))
            {
                return;
            }

            _endedInOrder.Enqueue(workflowId);
            if (_endedInOrder.Count > Remembered)
            {
                _ended.Remove(_endedInOrder.Dequeue());
            }

            if (!_running.TryGetValue(workflowId, out work))
            {
                return;
            }

            work.Users++;
            work.IsWatched = false;
        }

        _ = StopAsync(workflowId, work);
    }

    /// <summary>Tells that a workflow has been paused, or goes on: its work here begins nothing more meanwhile.</summary>
    public void Pause(string workflowId, bool isPaused)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(workflowId, out Work? work))
            {
                work.IsPaused = isPaused;
            }
        }
    }

    /// <summary>Looks no more.</summary>
    public void Dispose()
    {
        if (!_stop.IsCancellationRequested)
        {
            _stopping.Cancel();
            _stopping.Dispose();
            _timer.Dispose();
        }
    }

    private async Task StopAsync(string workflowId, Work work)
    {
        try
        {
            await work.Ended.CancelAsync();
        }
        catch (AggregateException e)
        {
            // A task's own callback on its token; the others were called all the same.
            LogCallbackFailed(_logger, e, workflowId);
        }
        finally
        {
            Leave(workflowId, work);
        }
    }

    private void Leave(string workflowId, Work work)
    {
        lock (_gate)
        {
            if (--work.Users > 0)
            {
                return;
            }

            _running.Remove(workflowId);
        }

        work.Ended.Dispose();
    }

    /// <summary>Called with the lock held.</summary>
    private void Arm()
    {
        if (!_armed && !_stop.IsCancellationRequested)
        {
            _armed = true;
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look() => _ = LookAsync();

    private async Task LookAsync()
    {
        ConcurrentQueue<string> due;
        lock (_gate)
        {
            due = new(_running.Where(w => w.Value.IsWatched && _time.GetElapsedTime(w.Value.Since) >= Short).Select(w => w.Key));
        }

        var faults = new ConcurrentQueue<Exception>();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(LooksAtOnce, due.Count)).Select(async _ =>
        {
            while (!_stop.IsCancellationRequested && due.TryDequeue(out string? id))
            {
                await LookAtAsync(id, faults);
            }
        }));

        if (!_stop.IsCancellationRequested && faults.TryPeek(out Exception? fault))
        {
            LogLookFailed(_logger, fault, faults.Count, Interval.TotalSeconds);
        }

        lock (_gate)
        {
            _armed = false;
            if (_running.Values.Any(w => w.IsWatched))
            {
                Arm();
            }
        }
    }

    private async Task LookAtAsync(string id, ConcurrentQueue<Exception> faults)
    {
        try
        {
            using var patience = new CancellationTokenSource(Interval, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop, patience.Token);
            switch (await _store.GetAsync(id, either.Token))
            {
                case { Status: WorkflowStatus.Cancelled or WorkflowStatus.Expired }:
                    End(id);
                    break;

                // Nobody can cancel what has no row, or has ended.
                case null or { Status: WorkflowStatus.Completed or WorkflowStatus.Failed }:
                    Unwatch(id);
                    break;

                case var state:
                    Pause(id, state.Status == WorkflowStatus.Paused);
                    break;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            faults.Enqueue(e);
        }
    }

    private void Unwatch(string id)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(id, out Work? work))
            {
                work.IsWatched = false;
            }
        }
    }

    /// <summary>What is at work for one workflow; guarded by the lock.</summary>
    private sealed class Work(long since)
    {
        public long Since { get; } = since;

        public CancellationTokenSource Ended { get; } = new();

        public int Users { get; set; }

        public bool IsWatched { get; set; } = true;

        public volatile bool IsPaused;
    }

    [LoggerMessage(EventId = 111, EventName = "CancelWatchFailed", Level = LogLevel.Warning,
        Message = "Could not see whether {Count} running workflows have been ended; looking again in {Seconds} s")]
    private static partial void LogLookFailed(ILogger logger, Exception exception, int count, double seconds);

    [LoggerMessage(EventId = 112, EventName = "CancelCallbackFailed", Level = LogLevel.Warning,
        Message = "A callback on the token of a task of workflow {WorkflowId} failed")]
    private static partial void LogCallbackFailed(ILogger logger, Exception exception, string workflowId);
}
