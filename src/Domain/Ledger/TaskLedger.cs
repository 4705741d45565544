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
    /// <param name="cancellationToken">Gives up; the row may have been claimed, and its lease then runs out.</param>
    public async Task<ClaimResult> ClaimAsync(TaskCall call, string runner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var key = new LedgerKey(call.WorkflowId, call.Shard, call.Path);
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
