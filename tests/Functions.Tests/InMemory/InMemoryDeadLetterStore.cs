using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Platform;

namespace Chard.Functions.Tests.InMemory;

/// <summary>Dead letters in memory, for tests without storage. Held to the same contract as the tables.</summary>
public sealed class InMemoryDeadLetterStore(TimeProvider time) : IDeadLetterStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DeadLetter> _letters = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _undelivered = new(StringComparer.Ordinal);

    public Task<bool> AddAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_letters.TryAdd(letter.Id, letter));
        }
    }

    public Task<DeadLetter?> GetAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_letters.GetValueOrDefault(id));
        }
    }

    public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, int limit, string? continuation, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            (string Key, DeadLetter Letter)[] found = [.. _letters.Values
                .Select(l => (Key: NewestFirst.KeyOf(l.CreatedAt, l.Id), Letter: l))
                .Where(e => continuation is null || string.CompareOrdinal(e.Key, continuation) > 0)
                .Where(e => Meets(e.Letter, filter))
                .OrderBy(e => e.Key, StringComparer.Ordinal)
                .Take(limit + 1)];
            return Task.FromResult(new DeadLetterPage(
                [.. found.Take(limit).Select(e => e.Letter)], found.Length > limit ? found[limit - 1].Key : null));
        }
    }

    public Task<(IReadOnlyList<DeadLetterGlance> Glances, bool IsMore)> GlanceAsync(
        DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DeadLetterGlance[] found = [.. _letters.Values.Where(l => Meets(l, filter))
                .Select(l => new DeadLetterGlance(l.Id, l.Task, l.Class, l.Parked, l.CreatedAt))];
            return Task.FromResult<(IReadOnlyList<DeadLetterGlance>, bool)>(
                (found[..Math.Min(found.Length, IDeadLetterStore.MostGlances)], found.Length > IDeadLetterStore.MostGlances));
        }
    }

    public Task<bool> TryResolveAsync(DeadLetter resolved, bool deliver, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_letters.TryGetValue(resolved.Id, out DeadLetter? letter) || letter.State != DeadLetterState.Open)
            {
                return Task.FromResult(false);
            }

            _letters[resolved.Id] = resolved;
            if (deliver)
            {
                _undelivered.Add(resolved.Id);
            }

            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<string>> GetUndeliveredAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. _undelivered.Take(limit)]);
        }
    }

    public Task SetDeliveredAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _undelivered.Remove(id);
            return Task.CompletedTask;
        }
    }

    public Task<int> CountParkedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_letters.Values.Count(l => l is { Parked: true, State: DeadLetterState.Open }));
        }
    }

    public Task<int> DiscardOfWorkflowAsync(string workflowId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DeadLetter[] open = [.. _letters.Values.Where(l => l.WorkflowId == workflowId && l.State == DeadLetterState.Open)];
            foreach (DeadLetter letter in open)
            {
                _letters[letter.Id] = letter with
                {
                    State = DeadLetterState.Discarded, ResolvedAt = time.GetUtcNow(), Resolution = new(DeadLetterAction.Discard),
                };
            }

            return Task.FromResult(open.Length);
        }
    }

    private static bool Meets(DeadLetter letter, DeadLetterFilter filter) =>
        (filter.State is null || letter.State == filter.State)
        && (filter.Origin is null || letter.Origin == filter.Origin)
        && (filter.Task is null || letter.Task == filter.Task)
        && (filter.Class is null || letter.Class == filter.Class)
        && (filter.Workflow is null || letter.Workflow == filter.Workflow)
        && (filter.WorkflowId is null || letter.WorkflowId == filter.WorkflowId)
        && (filter.Stamp is null || letter.Stamps.Contains(filter.Stamp, StringComparer.Ordinal))
        && (filter.Parked is null || letter.Parked == filter.Parked)
        && (filter.From is null || letter.CreatedAt >= filter.From)
        && (filter.Before is null || letter.CreatedAt < filter.Before);
}
