using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Tasks;

namespace Chard.Domain.Ledger;

/// <summary>
/// Decides which delivery of a call runs. A row is written twice in the normal path, claimed and finished, and read never; ETags
/// decide every race.
/// </summary>
public sealed class TaskLedger(ILedgerStore store, LedgerSettings settings, TimeProvider time)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks to run a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="runner">A text that no other run has.</param>
    /// <param name="cancellationToken">Cancels the call; the row may have been claimed, and its lease then runs out.</param>
    public async Task<ClaimResult> ClaimAsync(TaskCall call, string runner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        LedgerKey key = KeyOf(call);
        long begun = time.GetTimestamp();
        TimeSpan poll = FirstPoll;

        // The first call of a position finds no row in nearly every case: it does not look before it writes.
        bool expectsNone = call.Turn == CallTurn.First;
        LedgerRow? inDoubt = null;
        while (true)
        {
            StoredRow? found = expectsNone ? null : await store.GetAsync(key, cancellationToken);
            expectsNone = false;
            if (found is not { } stored)
            {
                LedgerRow fresh = Claimed(key, call, runner);
                if (await store.TryAddAsync(fresh, cancellationToken) is { } added)
                {
                    return ClaimResult.Run(new(store, settings, time, fresh, added), null);
                }

                continue;
            }

            switch (ClaimDecision.Of(stored.Row, call.Turn, runner, time.GetUtcNow()))
            {
                case ClaimAction.Mine:
                    return ClaimResult.Run(new(store, settings, time, stored.Row, stored.Version), inDoubt);

                case ClaimAction.Answer:
                    return ClaimResult.Answer(stored.Row);

                case ClaimAction.Superseded:
                    return ClaimResult.Superseded;

                case ClaimAction.Wait when time.GetElapsedTime(begun) < settings.DuplicateWait:
                    await Task.Delay(poll, time, cancellationToken);
                    poll = poll * 2 < LongestPoll ? poll * 2 : LongestPoll;
                    break;

                case ClaimAction.Wait:
                    return ClaimResult.Busy(stored.Row.LeaseUntil - time.GetUtcNow());

                case var action:
                    LedgerRow taken = Claimed(key, call, runner);
                    inDoubt = action == ClaimAction.RunInDoubt ? stored.Row : null;
                    if (await store.TryReplaceAsync(taken, stored.Version, cancellationToken) is { } version)
                    {
                        return ClaimResult.Run(new(store, settings, time, taken, version), inDoubt);
                    }

                    break;
            }
        }
    }

    /// <summary>
    /// Claims the row of a call that is made for the first time, together with something else.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="runner">A text that no other run has.</param>
    /// <param name="joint">What is written with the claim.</param>
    /// <param name="cancellationToken">Cancels the call; both may have been written, and the lease then runs out.</param>
    /// <returns>The lease; null if neither is written: write the other one by itself, and ask by <see cref="ClaimAsync"/>.</returns>
    public async Task<LedgerLease?> TryClaimAsync(TaskCall call, string runner, IJointWrite joint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        LedgerRow fresh = Claimed(KeyOf(call), call, runner);
        return await TryAddAsync([fresh], joint, cancellationToken) is [var version, ..]
            ? new(store, settings, time, fresh, version)
            : null;
    }

    /// <summary>
    /// Records the ends of calls that were never claimed, the first of their positions, together with something else. False if nothing is
    /// written: write the other one by itself, and record by <see cref="RecordAsync"/>.
    /// </summary>
    /// <param name="ended">Rows of one part of the ledger.</param>
    /// <param name="joint">What is written with them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<bool> TryRecordAsync(IReadOnlyList<LedgerRow> ended, IJointWrite joint, CancellationToken cancellationToken) =>
        await TryAddAsync(ended, joint, cancellationToken) is not null;

    private async Task<IReadOnlyList<string>?> TryAddAsync(
        IReadOnlyList<LedgerRow> rows, IJointWrite joint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(joint);
        if (await store.TryAddAsync(rows, joint, cancellationToken) is { } versions)
        {
            return versions;
        }

        // Should only the answer have been lost, the first row is this run's own, and so is all that was to be written with it.
        if (await store.GetAsync(rows[0].Key, cancellationToken) is { } stored && stored.Row.Runner == rows[0].Runner)
        {
            joint.Found();
            return [stored.Version];
        }

        return null;
    }

    /// <summary>What is recorded at the position of a call; null if nothing is.</summary>
    public Task<StoredRow?> FindAsync(TaskCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return store.GetAsync(KeyOf(call), cancellationToken);
    }

    /// <summary>What is recorded below the position of a call, in its part of the ledger.</summary>
    public IAsyncEnumerable<LedgerRow> ListBelowAsync(TaskCall call, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return store.ListBelowAsync(call.WorkflowId, call.Shard, path, cancellationToken);
    }

    /// <summary>
    /// Records the end of a call that was never claimed, since running it twice at once does no harm. What has succeeded before stays.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="runner">A text that no other run has.</param>
    /// <param name="startedAt">When it began.</param>
    /// <param name="result">Its result; null if it failed.</param>
    /// <param name="failure">Its failure; null if it succeeded.</param>
    /// <param name="known">The row that was found before it ran; null if none was looked for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The row that holds now.</returns>
    public async Task<LedgerRow> RecordAsync(
        TaskCall call,
        string runner,
        DateTimeOffset startedAt,
        TaskValue? result,
        TaskFailure? failure,
        StoredRow? known,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        LedgerRow row = Ended(call, runner, startedAt, result, failure);
        while (true)
        {
            Task<string?> write = known is { } there
                ? store.TryReplaceAsync(row, there.Version, cancellationToken)
                : store.TryAddAsync(row, cancellationToken);
            if (await write is not null)
            {
                return row;
            }

            known = await store.GetAsync(row.Key, cancellationToken);
            if (known is { } found
                && (found.Row.Runner == runner
                    || ClaimDecision.Of(found.Row, call.Turn, runner, time.GetUtcNow()) is ClaimAction.Answer or ClaimAction.Superseded))
            {
                return found.Row;
            }
        }
    }

    /// <summary>The row of a call that has ended.</summary>
    public LedgerRow Ended(TaskCall call, string runner, DateTimeOffset startedAt, TaskValue? result, TaskFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new()
        {
            Key = KeyOf(call),
            Task = call.Task,
            Turn = call.Turn,
            Stamps = call.Stamps,
            Status = failure is null ? LedgerStatus.Succeeded
                : failure.Kind == FailureKind.RateLimited ? LedgerStatus.RateLimited
                : LedgerStatus.Failed,
            Runner = runner,
            StartedAt = startedAt,
            FinishedAt = time.GetUtcNow(),
            Result = result,
            Failure = failure,
        };
    }

    private static LedgerKey KeyOf(TaskCall call) => new(call.WorkflowId, call.Shard, call.Path);

    private LedgerRow Claimed(LedgerKey key, TaskCall call, string runner)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new()
        {
            Key = key,
            Task = call.Task,
            Turn = call.Turn,
            Stamps = call.Stamps,
            Status = LedgerStatus.Running,
            Runner = runner,
            LeaseUntil = now + settings.Lease,
            StartedAt = now,
        };
    }
}
