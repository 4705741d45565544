using System.Collections.Concurrent;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Extensions.Logging;

namespace Chard.Canvases;

/// <summary>
/// Records the tasks of a pack as they end: gathered for a moment, many in one transaction, each of which renews the pack's lease
/// by its ETag. So a run
/// that has lost the lease writes nothing, and finds out by it.
/// </summary>
internal sealed partial class PackRecord : IAsyncDisposable
{
    /// <summary>How long ended tasks are gathered: what a crash may leave in doubt beside the tasks at work. 100 ms.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly LedgerLease _lease;
    private readonly int _tasks;
    private readonly bool _keepsRows;
    private readonly TaskLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<LedgerRow> _ended = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _done = new();
    private readonly ILogger _logger;
    private readonly Task _recording;
    private readonly List<LedgerRow> _taken = [];
    private int _count;

    public PackRecord(
        LedgerLease lease, int tasks, bool keepsRows, TaskLedger ledger, TimeProvider time, ILogger logger, CancellationToken hostStops)
    {
        (_lease, _tasks, _keepsRows, _ledger, _time, _logger) = (lease, tasks, keepsRows, ledger, time, logger);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(hostStops);
        _recording = RecordAsync();
    }

    /// <summary>Fires when the host stops or the lease is lost.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>True if another run has the pack.</summary>
    public bool IsLost { get; private set; }

    /// <summary>A task is known to have ended before.</summary>
    public void Count() => Interlocked.Increment(ref _count);

    /// <summary>A task has ended.</summary>
    public void Ended(TaskCall call, DateTimeOffset startedAt, TaskValue? result, TaskFailure? failure)
    {
        Interlocked.Increment(ref _count);
        if (_keepsRows)
        {
            _ended.Enqueue(_ledger.Ended(call, _lease.Row.Runner, startedAt, result, failure));
        }
    }

    /// <summary>Records what is left, and the end of the pack. False if the lease is lost.</summary>
    public async Task<bool> EndAsync(TaskValue outcome, TaskFailure? failure)
    {
        await _done.CancelAsync();
        await _recording;
        while (Take() && !_ended.IsEmpty)
        {
            if (!await WriteAsync(Token))
            {
                return false;
            }
        }

        return !IsLost && await _lease.EndAsync(outcome, failure, _taken, Progress, Token);
    }

    /// <summary>Gives the lease up: the pack has not come to its end here.</summary>
    public async Task ReleaseAsync()
    {
        await _done.CancelAsync();
        await _recording;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        try
        {
            while (Take() && await WriteAsync(patience.Token))
            {
            }

            await _lease.ReleaseAsync(patience.Token);
        }
        catch (Exception e) when (e is Azure.RequestFailedException or OperationCanceledException or IOException)
        {
            // The lease then runs out by itself: what brought us here is what the caller hears of.
            LogNotRecorded(_logger, e, _lease.Row.Key.WorkflowId, _lease.Row.Key.Path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _recording;
        _lease.Dispose();
        _stop.Dispose();
        _done.Dispose();
    }

    private TaskProgress Progress => new(Volatile.Read(ref _count), _tasks);

    private async Task RecordAsync()
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_done.Token, _stop.Token);
        long renewed = _time.GetTimestamp();
        while (!IsLost)
        {
            try
            {
                await Task.Delay(Interval, _time, ends.Token);
                if (Take() || _time.GetElapsedTime(renewed) >= _lease.Duration / 3)
                {
                    renewed = _time.GetTimestamp();
                    await WriteAsync(CancellationToken.None);
                }
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Storage is away: the rows are kept for the next time, or for the end, whose failure the caller hears of.
                LogNotRecorded(_logger, e, _lease.Row.Key.WorkflowId, _lease.Row.Key.Path);
            }
        }
    }

    /// <summary>Writes what was taken and renews the lease. False if the lease is lost.</summary>
    private async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        if (await _lease.RecordAsync(_taken, Progress, cancellationToken))
        {
            _taken.Clear();
            return true;
        }

        IsLost = true;
        await _stop.CancelAsync();
        return false;
    }

    /// <summary>Takes as many rows as a transaction holds, unless some are taken and not written. False if there are none.</summary>
    private bool Take()
    {
        int bytes = _taken.Sum(LedgerEntity.Bytes);
        while (_taken.Count < ILedgerStore.MaxBeside && _ended.TryPeek(out LedgerRow? row)
            && (_taken.Count == 0 || bytes + LedgerEntity.Bytes(row) <= LedgerWriter.MaxBytes) && _ended.TryDequeue(out row))
        {
            bytes += LedgerEntity.Bytes(row);
            _taken.Add(row);
        }

        return _taken.Count > 0 && !IsLost;
    }

    [LoggerMessage(
        EventId = 207, EventName = "PackNotRecorded", Level = LogLevel.Warning,
        Message = "What a pack of workflow {WorkflowId} at {Path} came to so far could not be recorded")]
    private static partial void LogNotRecorded(ILogger logger, Exception exception, string workflowId, string path);
}
