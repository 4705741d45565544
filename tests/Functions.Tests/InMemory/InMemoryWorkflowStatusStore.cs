using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;

namespace Chard.Functions.Tests.InMemory;

/// <summary>Workflows in memory, for tests without storage. Held to the same contract as the tables.</summary>
public sealed class InMemoryWorkflowStatusStore(TimeProvider time) : IWorkflowStatusStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public Task<bool> TryAddAsync(WorkflowState state, WorkflowStart start, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_entries.TryAdd(state.Id, new(state, start)));
        }
    }

    public Task<WorkflowState?> GetAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Find(id)?.State);

    public Task<IReadOnlyDictionary<string, WorkflowState>> GetAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, WorkflowState>>(
            ids.Select(Find).OfType<Entry>().ToDictionary(entry => entry.State.Id, entry => entry.State));

    /// <summary>It remembers nothing beside what it stores.</summary>
    public WorkflowJoin? TryJoin(string id, Func<WorkflowState, WorkflowState?> decide) => null;

    /// <inheritdoc cref="TryJoin(string, Func{WorkflowState, WorkflowState})"/>
    public WorkflowJoin? TryJoin(WorkflowUpdate update) => null;

    public Task<string?> GetRequestHashAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(Find(id)?.Start.RequestHash);

    public Task<WorkflowStart?> GetStartAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Find(id)?.Start);

    public Task<WorkflowResult?> GetResultAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Find(id)?.Result);

    public Task<WorkflowState> UpdateAsync(WorkflowUpdate update, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Entry entry = Find(update.Id) ?? throw new KeyNotFoundException(update.Id);
            if (WorkflowTransitions.Apply(entry.State, update, time.GetUtcNow()) is { } next && !ReferenceEquals(next, entry.State))
            {
                entry.State = next;
                entry.Result = update.Result is { } json ? new(json.GetRawText(), null)
                    : update.ResultReference is { } reference ? new(null, reference)
                    : entry.Result;
                entry.Active &= next.Status is not (WorkflowStatus.Completed or WorkflowStatus.Failed);
            }

            return Task.FromResult(entry.State);
        }
    }

    public Task<WorkflowChange?> ChangeAsync(string id, Func<WorkflowState, WorkflowState?> decide, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Find(id) is not { } entry)
            {
                return Task.FromResult<WorkflowChange?>(null);
            }

            WorkflowState? next = decide(entry.State);
            entry.State = next ?? entry.State;
            entry.Active &= entry.State.Status is not (WorkflowStatus.Completed or WorkflowStatus.Failed);
            return Task.FromResult<WorkflowChange?>(new(entry.State, Refused: next is null));
        }
    }

    public Task<WorkflowStart?> TryClaimStartAsync(
        string id, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Find(id) is not { Active: true } entry || entry.Start.ScheduledAt > before)
            {
                return Task.FromResult<WorkflowStart?>(null);
            }

            entry.Start = entry.Start with { ScheduledAt = now };
            return Task.FromResult<WorkflowStart?>(entry.Start);
        }
    }

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, int limit, string? continuation, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            (string Key, WorkflowState State)[] found = [.. _entries.Values
                .Select(e => (Key: NewestFirst.KeyOf(e.State.CreatedAt, e.State.Id), e.State))
                .Where(e => continuation is null || string.CompareOrdinal(e.Key, continuation) > 0)
                .Where(e => Meets(e.State, filter))
                .OrderBy(e => e.Key, StringComparer.Ordinal)
                .Take(limit + 1)];
            return Task.FromResult(new WorkflowPage(
                [.. found.Take(limit).Select(e => e.State)], found.Length > limit ? found[limit - 1].Key : null));
        }
    }

    public Task<IReadOnlyList<WorkflowState>> ListByIdAsync(
        string idPrefix, WorkflowFilter filter, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<WorkflowState>>([.. _entries.Values.Select(e => e.State)
                .Where(s => s.Id.StartsWith(idPrefix, StringComparison.Ordinal) && Meets(s, filter))
                .OrderBy(s => s.Id, StringComparer.Ordinal).Take(limit)]);
        }
    }

    public async IAsyncEnumerable<string> ListActiveAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string id in (await GetActiveAsync(null, int.MaxValue, cancellationToken)).Ids)
        {
            yield return id;
        }
    }

    private static bool Meets(WorkflowState state, WorkflowFilter filter) =>
        (filter.Status is null || state.Status == filter.Status)
        && (filter.Workflow is null || state.Workflow == filter.Workflow)
        && (filter.AnyOf is null || filter.AnyOf.Contains(state.Status))
        && (filter.Stamp is null || state.Stamps.Contains(filter.Stamp, StringComparer.Ordinal))
        && (filter.Owner is null || state.Owner == filter.Owner)
        && (filter.Error is null || state.Error?.Code == filter.Error)
        && !(state.CreatedAt < filter.From)
        && !(state.CreatedAt >= filter.Before);

    public Task<ActiveWorkflows> GetActiveAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            string[] ids = [.. _entries.Values
                .Where(e => e.Active && (cursor is null || string.CompareOrdinal(e.State.Id, cursor) > 0))
                .Select(e => e.State.Id)
                .Take(limit)];
            return Task.FromResult(new ActiveWorkflows(ids, ids.Length == limit ? ids[^1] : null));
        }
    }

    public Task RemoveAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _entries.Remove(state.Id);
            return Task.CompletedTask;
        }
    }

    public Task SettleAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Find(id) is { } entry)
            {
                entry.Active = false;
            }

            return Task.CompletedTask;
        }
    }

    private Entry? Find(string id)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(id);
        }
    }

    private sealed class Entry(WorkflowState state, WorkflowStart start)
    {
        public WorkflowState State { get; set; } = state;

        public WorkflowStart Start { get; set; } = start;

        public WorkflowResult? Result { get; set; }

        public bool Active { get; set; } = true;
    }
}
