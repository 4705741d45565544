using Chard.Domain.DeadLetters;

namespace Chard.DeadLetters;

/// <summary>Keeps dead letters until somebody has resolved them. Every race is settled by ETag.</summary>
public interface IDeadLetterStore
{
    /// <summary>
    /// Writes a dead letter. Safe to repeat: one that is there already stays as it is, so that a redelivered write never reopens
    /// what an operator has resolved.
    /// </summary>
    /// <returns>True if it was written now, false if it was there.</returns>
    Task<bool> AddAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>The dead letter of an id; null if there is none.</summary>
    Task<DeadLetter?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>One page of dead letters, newest first.</summary>
    Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, int limit, string? continuation, CancellationToken cancellationToken);

    /// <summary>All dead letters that meet a filter at a glance, in no order, up to <see cref="MostGlances"/>.</summary>
    /// <returns>What is known at a glance, and whether there are more.</returns>
    Task<(IReadOnlyList<DeadLetterGlance> Glances, bool IsMore)> GlanceAsync(
        DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>Most that one glance takes in: 20,000, in some 20 to 30 requests.</summary>
    public const int MostGlances = 20_000;

    /// <summary>
    /// Writes a resolved dead letter over the open one, and notes that its resolution has to be delivered
    /// (<see cref="GetUndeliveredAsync"/>), unless nobody waits for it.
    /// </summary>
    /// <param name="resolved">The dead letter with its state, resolution and time of resolution.</param>
    /// <param name="deliver">True if the resolution has to be delivered.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if it was resolved before, by whomever; nothing was changed then.</returns>
    Task<bool> TryResolveAsync(DeadLetter resolved, bool deliver, CancellationToken cancellationToken);

    /// <summary>Ids of resolved dead letters whose resolution is not known to be delivered, up to <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<string>> GetUndeliveredAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Notes that the resolution is delivered.</summary>
    Task SetDeliveredAsync(string id, CancellationToken cancellationToken);

    /// <summary>How many dead letters a workflow waits for now; more than <see cref="MostCounted"/> are told as that.</summary>
    Task<int> CountParkedAsync(CancellationToken cancellationToken);

    /// <summary>Most parked dead letters that are counted: 10,000.</summary>
    public const int MostCounted = 10_000;

    /// <summary>Discards all open dead letters of a workflow that has been ended. Gives their number.</summary>
    Task<int> DiscardOfWorkflowAsync(string workflowId, CancellationToken cancellationToken);
}

/// <summary>Which dead letters to list; null parts do not matter.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>Those in this state.</summary>
    public DeadLetterState? State { get; init; }

    /// <summary>Those of this kind of work.</summary>
    public DeadLetterOrigin? Origin { get; init; }

    /// <summary>Those of this task.</summary>
    public string? Task { get; init; }

    /// <summary>Those of this class of failures.</summary>
    public string? Class { get; init; }

    /// <summary>Those of workflows of this name.</summary>
    public string? Workflow { get; init; }

    /// <summary>Those of this one workflow.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Those with this label.</summary>
    public string? Stamp { get; init; }

    /// <summary>Those whose workflow waits, or does not.</summary>
    public bool? Parked { get; init; }

    /// <summary>Those that failed at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Those that failed before this time.</summary>
    public DateTimeOffset? Before { get; init; }
}

/// <summary>What a dead letter is counted by.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Task">The task; null for a message.</param>
/// <param name="Class">Code of the failure.</param>
/// <param name="Parked">True if the workflow waits there.</param>
/// <param name="CreatedAt">When it failed for good, UTC.</param>
public readonly record struct DeadLetterGlance(string Id, string? Task, string Class, bool Parked, DateTimeOffset CreatedAt);

/// <summary>One page of dead letters.</summary>
/// <param name="DeadLetters">Newest first.</param>
/// <param name="Continuation">Where the next page begins; null if this is the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> DeadLetters, string? Continuation);
