using System.Collections.Concurrent;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Ledger;
using Chard.Domain.Limits;
using Chard.Domain.Workflows;
using Chard.Limits;
using Chard.Status;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>
/// Tells why a workflow is not done, from what is recorded of it: its state, its dead letters, the rows of its tasks, the limits, and the
/// engine's instance. A handful of requests, and one more for each thousand tasks that it reads.
/// </summary>
public sealed class WorkflowReasons(
    IWorkflowStatusStore store, ILedgerStore ledger, IDeadLetterStore letters, LimitCatalogue limits, TimeProvider time)
{
    /// <summary>Most reasons of one workflow.</summary>
    public const int MostReasons = 20;

    /// <summary>Most rows of tasks that are looked at for one workflow.</summary>
    public const int MostRead = 5_000;

    /// <summary>Most unfinished workflows that are looked at for those that are stuck: a point read each.</summary>
    public const int MostUnfinished = 1_000;

    private const int ReadsAtOnce = 16;
    private const int MostLetters = 100;

    /// <summary>The reasons, those that need a person first. Empty for one that has ended.</summary>
    public Task<(IReadOnlyList<WorkflowReason> Reasons, bool IsMore)> OfAsync(
        WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(client);
        return OfAsync(state, client, LimitersOf(client, cancellationToken), cancellationToken);
    }

    /// <summary>The reasons of several, in their order. How the limits stand is read once for all.</summary>
    public async Task<IReadOnlyList<WorkflowReason>[]> OfAsync(
        IReadOnlyList<WorkflowState> states, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(client);
        Lazy<Task<Limiting[]>> limiters = LimitersOf(client, cancellationToken);
        var reasons = new IReadOnlyList<WorkflowReason>[states.Count];
        await Parallel.ForAsync(0, states.Count, cancellationToken, async (i, token) =>
            reasons[i] = (await OfAsync(states[i], client, limiters, token)).Reasons);
        return reasons;
    }

    private async Task<(IReadOnlyList<WorkflowReason> Reasons, bool IsMore)> OfAsync(
        WorkflowState state, DurableTaskClient client, Lazy<Task<Limiting[]>> limiters, CancellationToken cancellationToken)
    {
        if (WorkflowTransitions.IsFinal(state.Status))
        {
            return ([], false);
        }

        DateTimeOffset now = time.GetUtcNow();
        if (state.Status == WorkflowStatus.Queued && state.StartAt > now)
        {
            return (
                [new(ReasonCode.StartsLater, "It is not to begin before its time.", Since: state.CreatedAt, Until: state.StartAt)], false);
        }

        var reasons = new List<WorkflowReason>();
        if (state.Status == WorkflowStatus.Paused)
        {
            reasons.Add(new(ReasonCode.Paused, "Somebody has paused it; resume it to let it go on.", Since: state.UpdatedAt));
        }

        bool isMore = await AddParkedAsync(state, reasons, cancellationToken);
        if (await EngineReasonAsync(state, client, cancellationToken) is { } reason)
        {
            reasons.Add(reason);
        }

        AddLimits(state, now, await limiters.Value, reasons);
        isMore |= await AddTasksAsync(state, now, reasons, cancellationToken);
        if (reasons.Count == 0)
        {
            reasons.Add(new(
                ReasonCode.Unknown,
                "None of its tasks is at work or waits for anything that is recorded: it is between two tasks, waits for a time or an "
                    + "event of its own, or its next task has not been taken up yet.",
                Since: state.UpdatedAt));
        }

        return (reasons, isMore);
    }

    /// <summary>Workflows that should be at work and to which nothing has happened since a time, the longest first.</summary>
    public async Task<(IReadOnlyList<WorkflowState> Stuck, bool IsMore)> StuckAsync(
        DateTimeOffset since, int limit, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        var ids = new List<string>();
        await foreach (string id in store.ListActiveAsync(cancellationToken))
        {
            ids.Add(id);
            if (ids.Count > MostUnfinished)
            {
                break;
            }
        }

        // Between the ids of those that have not ended lie any number that have: they are not read in ranges.
        var stuck = new ConcurrentBag<WorkflowState>();
        await Parallel.ForEachAsync(
            ids.Take(MostUnfinished), new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                if (await store.GetAsync(id, token) is { } state && state.UpdatedAt <= since
                    && (state.Status == WorkflowStatus.Running || (state.Status == WorkflowStatus.Queued && !(state.StartAt > now))))
                {
                    stuck.Add(state);
                }
            });
        WorkflowState[] longest = [.. stuck.OrderBy(s => s.UpdatedAt).ThenBy(s => s.Id, StringComparer.Ordinal).Take(limit)];
        return (longest, stuck.Count > longest.Length || ids.Count > MostUnfinished);
    }

    private async Task<bool> AddParkedAsync(WorkflowState state, List<WorkflowReason> reasons, CancellationToken cancellationToken)
    {
        DeadLetterPage page = await letters.ListAsync(
            new() { WorkflowId = state.Id, State = DeadLetterState.Open, Parked = true }, MostLetters, null, cancellationToken);
        bool isMore = page.Continuation is not null;
        IEnumerable<DeadLetter[]> alike = page.DeadLetters.GroupBy(l => (l.Task, l.Class)).Select(g => g.ToArray());
        reasons.AddRange(alike.OrderByDescending(a => a.Length).Take(MostReasons).Select(same => new WorkflowReason(
            ReasonCode.Parked,
            same.Length == 1
                ? $"Its task has failed for good ({same[0].Class}: {same[0].Message}) and waits for somebody to decide."
                : $"{same.Length}{(isMore ? " or more" : "")} of its tasks {same[0].Task} have failed for good ({same[0].Class}, the last "
                    + $"one: {same[0].Message}) and wait for somebody to decide.",
            same[0].Path, same[0].Task, same[^1].CreatedAt, DeadLetter: same[0].Id)));
        return isMore;
    }

    private static async Task<WorkflowReason?> EngineReasonAsync(
        WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(state.Id, cancellationToken) switch
        {
            null => new(
                ReasonCode.Lost, "The engine has no instance of it; the next sweep schedules it anew, or ends it.", Since: state.UpdatedAt),
            { IsCompleted: true } ended => new(
                ReasonCode.Ended, $"Its orchestration has ended ({ended.RuntimeStatus}); the next sweep tells so.",
                Since: ended.LastUpdatedAt),
            { RuntimeStatus: OrchestrationRuntimeStatus.Pending } waiting => new(
                ReasonCode.Queued, "The engine has it, and no worker has taken it up yet.", Since: waiting.CreatedAt),
            _ => null,
        };

    private Lazy<Task<Limiting[]>> LimitersOf(DurableTaskClient client, CancellationToken cancellationToken) => new(async () =>
    {
        var found = new List<Limiting>();
        foreach (LimitRule rule in limits.All)
        {
            if (await client.Entities.GetEntityAsync<LimiterState>(Limiter.IdOf(rule.Key), cancellationToken)
                is { IncludesState: true, State: { } state })
            {
                found.Add(new(rule.Key, state));
            }
        }

        return [.. found];
    });

    private static void AddLimits(WorkflowState state, DateTimeOffset now, Limiting[] limiters, List<WorkflowReason> reasons)
    {
        foreach ((string key, LimiterState limiter) in limiters.TakeWhile(_ => reasons.Count < MostReasons))
        {
            int place = limiter.Waiting.TakeWhile(p => p.WorkflowId != state.Id).Count();
            Holding? timed = limiter.Held.Where(h => h.Permit.WorkflowId == state.Id && h.At > now).MinBy(h => h.At);
            if (place < limiter.Waiting.Count)
            {
                int waiting = limiter.Waiting.Count(p => p.WorkflowId == state.Id);
                reasons.Add(new(
                    ReasonCode.Limit, $"{Calls(waiting)} of it for a permit of limit {key}, the first with {place} before it.",
                    limiter.Waiting[place].Path, Limit: key));
            }
            else if (timed is not null)
            {
                reasons.Add(new(
                    ReasonCode.Limit, $"A call of it waits for its time under limit {key}.", timed.Permit.Path, Until: timed.At,
                    Limit: key));
            }
        }

        static string Calls(int count) => count == 1 ? "A call waits" : $"{count} calls wait";
    }

    private async Task<bool> AddTasksAsync(
        WorkflowState state, DateTimeOffset now, List<WorkflowReason> reasons, CancellationToken cancellationToken)
    {
        int read = 0;
        var parked = reasons.Where(r => r.Code == ReasonCode.Parked).Select(r => r.Task).ToHashSet(StringComparer.Ordinal);
        await foreach (LedgerRow row in ledger.ListAsync(state.Id, cancellationToken))
        {
            if (++read > MostRead || reasons.Count >= MostReasons)
            {
                return true;
            }

            // What a letter tells of is not told again; nor is a pack, whose tasks have rows, or letters, of their own.
            bool isTold = row.Status is LedgerStatus.Failed
                && (parked.Contains(row.Task) || row.Failure?.Code is LedgerRow.TasksLeft or LedgerRow.TasksFailed);
            if (row.Status != LedgerStatus.Succeeded && !isTold && ReasonOf(row, now) is { } reason)
            {
                reasons.Add(reason);
            }
        }

        return false;
    }

    private readonly record struct Limiting(string Key, LimiterState State);

    private static WorkflowReason? ReasonOf(LedgerRow row, DateTimeOffset now)
    {
        string path = TaskRowDocuments.PathOf(row);
        return row switch
        {
            { Status: LedgerStatus.Running } when row.LeaseUntil >= now => new(
                ReasonCode.Running, $"Try {row.Turn.Attempt} of it is at work.", path, row.Task, row.StartedAt),
            { Status: LedgerStatus.Running } => new(
                ReasonCode.Running, $"The worker of try {row.Turn.Attempt} has not been heard of since its lease was over; another one "
                    + "takes it up.", path, row.Task, row.StartedAt, row.LeaseUntil),
            { Failure: { } failure } => new(
                ReasonCode.Retry, $"Try {row.Turn.Attempt} ended with {failure.Code}: {failure.Message} It is tried again when its time "
                    + "has come, unless that was its last try and the workflow goes on without it.",
                path, row.Task, row.FinishedAt, row.FinishedAt + failure.RetryAfter),
            _ => null,
        };
    }
}

/// <summary>What keeps a workflow.</summary>
public enum ReasonCode
{
    /// <summary>A task has failed for good and waits for an operator.</summary>
    Parked,

    /// <summary>Somebody has paused it.</summary>
    Paused,

    /// <summary>It is not to begin yet.</summary>
    StartsLater,

    /// <summary>No worker has taken it up.</summary>
    Queued,

    /// <summary>The engine does not know it.</summary>
    Lost,

    /// <summary>Its orchestration has ended, and its status does not say so yet.</summary>
    Ended,

    /// <summary>It waits for a permit.</summary>
    Limit,

    /// <summary>A task is at work.</summary>
    Running,

    /// <summary>A task has failed and is tried again.</summary>
    Retry,

    /// <summary>Nothing that is recorded.</summary>
    Unknown,
}

/// <summary>One thing that keeps a workflow; times are UTC.</summary>
/// <param name="Code">What kind of thing it is.</param>
/// <param name="Message">The same in a sentence.</param>
/// <param name="Path">The task's position; null if it is about the workflow.</param>
/// <param name="Task">The task's name, if it is about one.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Until when, if that is known.</param>
/// <param name="DeadLetter">Id of the dead letter that is to be resolved.</param>
/// <param name="Limit">Key of the limit.</param>
public sealed record WorkflowReason(
    ReasonCode Code,
    string Message,
    string? Path = null,
    string? Task = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    string? DeadLetter = null,
    string? Limit = null);
