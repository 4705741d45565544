using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Domain.Ledger;

/// <summary>
/// The right to run one call, as long as it is renewed. A run that was paused past its lease finds out at its next write: the row
/// has another version, its end is not recorded, and the caller gets what the other run recorded. Its methods may be called at once.
/// </summary>
public sealed class LedgerLease : IDisposable
{
    private readonly ILedgerStore _store;
    private readonly LedgerSettings _settings;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private LedgerRow _row;
    private string _version;
    private bool _ended;

    internal LedgerLease(ILedgerStore store, LedgerSettings settings, TimeProvider time, LedgerRow row, string version)
    {
        _store = store;
        _settings = settings;
        _time = time;
        _row = row;
        _version = version;
    }

    /// <summary>How long it lasts after each renewal.</summary>
    public TimeSpan Duration => _settings.Lease;

    /// <summary>The row as this run last wrote it.</summary>
    public LedgerRow Row => _row;

    /// <summary>Says that the run is alive, and how far it is. False if it has lost its lease to another run: it should stop.</summary>
    public Task<bool> RenewAsync(TaskProgress? progress, CancellationToken cancellationToken) =>
        WriteAsync(
            row => row with { LeaseUntil = _time.GetUtcNow() + _settings.Lease, Progress = progress ?? row.Progress },
            ends: false, cancellationToken);

    /// <summary>Records the result. False if another run has taken over: what that one records counts.</summary>
    public Task<bool> SucceedAsync(TaskValue result, CancellationToken cancellationToken) =>
        WriteAsync(row => Ended(row) with { Status = LedgerStatus.Succeeded, Result = result }, ends: true, cancellationToken);

    /// <summary>Records a failure or a request to come back later. False if another run has taken over.</summary>
    public Task<bool> FailAsync(TaskFailure failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failure);
        LedgerStatus status = failure.Kind == FailureKind.RateLimited ? LedgerStatus.RateLimited : LedgerStatus.Failed;
        return WriteAsync(row => Ended(row) with { Status = status, Failure = failure }, ends: true, cancellationToken);
    }

    /// <summary>
    /// Renews the lease, says how far it is, and writes <paramref name="rows"/> beside it, together or not at all. False if the
    /// lease is lost: then none of them is written.
    /// </summary>
    /// <param name="rows">Up to <see cref="ILedgerStore.MaxBeside"/> rows of the same part of the ledger.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<bool> RecordAsync(IReadOnlyList<LedgerRow> rows, TaskProgress progress, CancellationToken cancellationToken) =>
        WriteAsync(
            row => row with { LeaseUntil = _time.GetUtcNow() + _settings.Lease, Progress = progress },
            ends: false, cancellationToken, rows);

    /// <summary>
    /// Records the end of work of many parts: its result, which says of each part what it came to, and a
    /// failure if not all have succeeded.
    /// </summary>
    public Task<bool> EndAsync(
        TaskValue result,
        TaskFailure? failure,
        IReadOnlyList<LedgerRow> rows,
        TaskProgress progress,
        CancellationToken cancellationToken) =>
        WriteAsync(
            row => Ended(row) with
            {
                Status = failure is null ? LedgerStatus.Succeeded : LedgerStatus.Failed,
                Result = result,
                Failure = failure,
                Progress = progress,
            },
            ends: true, cancellationToken, rows);

    /// <summary>Records the end together with something else, or neither of them.</summary>
    /// <param name="result">The result; null if it failed.</param>
    /// <param name="failure">The failure; null if it succeeded.</param>
    /// <param name="rows">Rows of the same part of the ledger that are written beside it.</param>
    /// <param name="progress">How far it came; null for what it said last.</param>
    /// <param name="joint">What is written with it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<JointEnd> TryEndAsync(
        TaskValue? result,
        TaskFailure? failure,
        IReadOnlyList<LedgerRow> rows,
        TaskProgress? progress,
        IJointWrite joint,
        CancellationToken cancellationToken) =>
        WriteAsync(
            row => Ended(row) with
            {
                Status = failure is null ? LedgerStatus.Succeeded : LedgerStatus.Failed,
                Result = result,
                Failure = failure,
                Progress = progress ?? row.Progress,
            },
            ends: true, rows, joint, cancellationToken);

    /// <summary>Gives the lease up without an end, so that the next delivery need not wait for it: the host stops.</summary>
    public Task<bool> ReleaseAsync(CancellationToken cancellationToken) =>
        WriteAsync(row => row with { LeaseUntil = _time.GetUtcNow() }, ends: true, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private LedgerRow Ended(LedgerRow row) => row with { FinishedAt = _time.GetUtcNow() };

    private async Task<bool> WriteAsync(
        Func<LedgerRow, LedgerRow> change, bool ends, CancellationToken cancellationToken, IReadOnlyList<LedgerRow>? beside = null) =>
        await WriteAsync(change, ends, beside ?? [], null, cancellationToken) == JointEnd.Together;

    private async Task<JointEnd> WriteAsync(
        Func<LedgerRow, LedgerRow> change,
        bool ends,
        IReadOnlyList<LedgerRow> beside,
        IJointWrite? joint,
        CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_ended)
            {
                return ends ? JointEnd.Lost : JointEnd.Together; // a renewal that comes after the end has nothing left to renew
            }

            LedgerRow next = change(_row);
            while (true)
            {
                Task<string?> write = joint is not null ? _store.TryUpdateAsync(next, _version, beside, joint, cancellationToken)
                    : beside.Count > 0 ? _store.TryUpdateAsync(next, _version, beside, cancellationToken)
                    : _store.TryUpdateAsync(next, _version, cancellationToken);
                if (await write is { } version)
                {
                    return Wrote(next, version);
                }

                // Another run has the row, or the reply to a write of this one was lost: the row itself tells.
                if (await _store.GetAsync(_row.Key, cancellationToken) is not { } stored || stored.Row.Runner != _row.Runner)
                {
                    return JointEnd.Lost;
                }

                if (stored.Row.Status == next.Status && (ends || stored.Row.LeaseUntil == next.LeaseUntil))
                {
                    joint?.Found();
                    return Wrote(next, stored.Version);
                }

                _version = stored.Version;
                if (joint is not null)
                {
                    return JointEnd.Neither;
                }
            }

            JointEnd Wrote(LedgerRow row, string version)
            {
                _row = row;
                _version = version;
                _ended = ends;
                return JointEnd.Together;
            }
        }
        finally
        {
            _writing.Release();
        }
    }
}
