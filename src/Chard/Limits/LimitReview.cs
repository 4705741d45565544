using Chard.Domain.Ledger;
using Chard.Domain.Limits;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.Extensions.Logging;

namespace Chard.Limits;

/// <summary>
/// Looks after what a limiter cannot see: permits whose owners have ended, waiters that are suspended, offers that got lost with
/// their bearer, changed settings while nobody asks. A bounded number of reads each time; what is left comes in the next rounds.
/// </summary>
public sealed partial class LimitReview(LimitCatalogue limits, ILedgerStore ledger, TimeProvider time, ILogger<LimitReview> logger)
{
    /// <summary>Instances, and rows of the ledger, looked at for one limit in one round.</summary>
    public const int MaxReads = 100;

    // In memory: a restart begins a new round, and tells one round later.
    private readonly Dictionary<string, string> _cursors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<PermitAt>> _untold = new(StringComparer.Ordinal);

    /// <summary>Reviews all limiters.</summary>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        await foreach (EntityMetadata<LimiterState> limiter in client.Entities.GetAllEntitiesAsync<LimiterState>(
            new EntityQuery { InstanceIdStartsWith = $"@{Limiter.Name}@" })
            .WithCancellation(cancellationToken))
        {
            try
            {
                await ReviewAsync(limiter, client, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One limit that cannot be looked after must not keep the others from it; the next round tries again.
                LogFailed(logger, e, limiter.Id.Key);
            }
        }
    }

    private async Task ReviewAsync(EntityMetadata<LimiterState> limiter, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (!limiter.IncludesState)
        {
            return;
        }

        string key = limiter.Id.Key;
        LimiterState state = limiter.State;
        DateTimeOffset now = time.GetUtcNow();
        Dictionary<string, PermitOwner> owners = await OwnersAsync(key, state, client, cancellationToken);
        var found = new Cleanup(
            await OverAsync(state, owners, now, cancellationToken),
            [.. owners.Where(o => o.Value == PermitOwner.Gone).Select(o => o.Key)],
            [.. owners.Where(o => o.Value == PermitOwner.Suspended && !state.Asleep.Contains(o.Key)).Select(o => o.Key)],
            [.. owners.Where(o => o.Value == PermitOwner.AtWork && state.Asleep.Contains(o.Key)).Select(o => o.Key)],
            await TellAsync(key, state, owners, now, client, cancellationToken));

        // The entity decides; here its state is a copy, which tells whether it is worth asking.
        LimitRule rule = limits.TryGet(key, out LimitRule? set) ? set : LimitRule.Unlimited(key);
        int held = state.Taken;
        if (state.Tidy(rule, now, found) || state.IsEmpty(now))
        {
            await client.Entities.SignalEntityAsync(limiter.Id, nameof(Limiter.Tidy), found, cancellation: cancellationToken);
            if (found.Over.Count > 0)
            {
                LogFreed(logger, found.Over.Count, held, key);
            }
        }
    }

    /// <summary>How the owners stand: as many as may be looked at, in turn.</summary>
    private async Task<Dictionary<string, PermitOwner>> OwnersAsync(
        string key,
        LimiterState state,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        string[] all = [.. state.Held.Select(h => h.Permit.Instance)
            .Concat(state.Waiting.Select(p => p.Instance)).Distinct().Order(StringComparer.Ordinal)];
        string last = _cursors.GetValueOrDefault(key, "");
        string[] turn = [.. all.Where(i => string.CompareOrdinal(i, last) > 0).Concat(all.Where(i => string.CompareOrdinal(i, last) <= 0))
            .Take(MaxReads)];
        var owners = new Dictionary<string, PermitOwner>(StringComparer.Ordinal);
        foreach (string instance in turn)
        {
            owners[instance] = await client.GetInstanceAsync(instance, cancellationToken) switch
            {
                null or { IsCompleted: true } => PermitOwner.Gone,
                { RuntimeStatus: OrchestrationRuntimeStatus.Suspended } => PermitOwner.Suspended,
                _ => PermitOwner.AtWork,
            };
        }

        _cursors[key] = turn.Length > 0 ? turn[^1] : "";
        return owners;
    }

    private async Task<List<PermitAt>> OverAsync(
        LimiterState state,
        Dictionary<string, PermitOwner> owners,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var over = new List<PermitAt>();
        int reads = 0;
        foreach (Holding held in state.Held.Where(h => h.Counts && owners.ContainsKey(h.Permit.Instance)))
        {
            // Who lives gives its permit back itself, unless a delivery too many has taken it.
            PermitOwner owner = owners[held.Permit.Instance];
            if ((owner == PermitOwner.AtWork && now < held.At + PermitFate.Grace) || reads == MaxReads)
            {
                continue;
            }

            LedgerRow? row = null;
            if (held.Permit.Recorded)
            {
                reads++;
                row = (await ledger.GetAsync(new(held.Permit.WorkflowId, held.Permit.Shard, held.Permit.Path), cancellationToken))?.Row;
            }

            if (PermitFate.IsOver(held, owner, row, now))
            {
                over.Add(new(held.Permit, held.At));
            }
        }

        return over;
    }

    /// <summary>Tells offers that were not known to be told a round ago either. Gives those that are told for certain now.</summary>
    private async Task<List<PermitAt>> TellAsync(
        string key,
        LimiterState state,
        Dictionary<string, PermitOwner> owners,
        DateTimeOffset now,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        HashSet<PermitAt> before = _untold.GetValueOrDefault(key) ?? [];
        var told = new List<PermitAt>();
        foreach (Holding held in state.Held.Where(h => !h.Told
            && before.Contains(new(h.Permit, h.At)) && owners.GetValueOrDefault(h.Permit.Instance, PermitOwner.Gone) == PermitOwner.AtWork))
        {
            await client.RaiseEventAsync(held.Permit.Instance, held.Permit.EventName, LimiterState.OfferOf(held, now), cancellationToken);
            told.Add(new(held.Permit, held.At));
        }

        _untold[key] = [.. state.Held.Where(h => !h.Told).Select(h => new PermitAt(h.Permit, h.At))];
        return told;
    }

    [LoggerMessage(EventId = 151, EventName = "LimitReviewFailed", Level = LogLevel.Error, Message = "Could not look after limit {Key}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string key);

    [LoggerMessage(EventId = 152, EventName = "PermitsFreed", Level = LogLevel.Information,
        Message = "Freed {Count} of {Held} permits of limit {Key}, whose calls are over")]
    private static partial void LogFreed(ILogger logger, int count, int held, string key);
}
