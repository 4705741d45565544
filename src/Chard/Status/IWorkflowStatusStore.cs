using Chard.Domain.Payloads;
using Chard.Domain.Workflows;

namespace Chard.Status;

/// <summary>The user-visible state of workflows, readable without the durable client. Every race is settled by ETag.</summary>
public interface IWorkflowStatusStore
{
    /// <summary>Claims <paramref name="state"/>'s id with a first row. False if the id has a row already, which stays as it is.</summary>
    Task<bool> TryAddAsync(WorkflowState state, WorkflowStart start, CancellationToken cancellationToken);

    /// <summary>The state of a workflow; null if the id is unknown.</summary>
    Task<WorkflowState?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The states of some workflows by their ids, those that have one, in fewer requests than one for each.</summary>
    Task<IReadOnlyDictionary<string, WorkflowState>> GetAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>The fingerprint of the start that claimed the id; null if the id is unknown.</summary>
    Task<string?> GetRequestHashAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// The start that claimed the id; null if the id is unknown, or its workflow has ended and is not looked after any more.
    /// </summary>
    Task<WorkflowStart?> GetStartAsync(string id, CancellationToken cancellationToken);

    /// <summary>The result of a workflow; null if it has none.</summary>
    Task<WorkflowResult?> GetResultAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Applies a report and returns the state that holds now. A report that comes too late changes nothing. A result is written
    /// with the report that ends the workflow, together or not at all.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The id has no row.</exception>
    Task<WorkflowState> UpdateAsync(WorkflowUpdate update, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a state by a pure decision, which is asked again whenever somebody else was faster: it gives the next state, the same
    /// object to leave it, or null to refuse.
    /// </summary>
    /// <returns>The state that holds now, and whether the decision refused; null if the id has no row.</returns>
    Task<WorkflowChange?> ChangeAsync(string id, Func<WorkflowState, WorkflowState?> decide, CancellationToken cancellationToken);

    /// <summary>
    /// Decides a change on the state as this process remembers it, to be written together with rows of the ledger: no request. Null if
    /// nothing is remembered, or nothing is to be changed by what is: then <see cref="ChangeAsync"/> asks storage.
    /// </summary>
    WorkflowJoin? TryJoin(string id, Func<WorkflowState, WorkflowState?> decide);

    /// <summary>
    /// As the other form, of what <see cref="UpdateAsync"/> would apply. A large result has to be stored already.
    /// </summary>
    WorkflowJoin? TryJoin(WorkflowUpdate update);

    /// <summary>
    /// Undertakes to schedule a workflow's orchestrator: gives what is needed for it, and notes the time, if nobody has
    /// undertaken it since <paramref name="before"/>; else null.
    /// </summary>
    Task<WorkflowStart?> TryClaimStartAsync(string id, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>One page of workflows, newest first.</summary>
    Task<WorkflowPage> ListAsync(WorkflowFilter filter, int limit, string? continuation, CancellationToken cancellationToken);

    /// <summary>
    /// Workflows whose ids begin so, in order of their ids, up to <paramref name="limit"/>; all parts of the filter hold.
    /// </summary>
    Task<IReadOnlyList<WorkflowState>> ListByIdAsync(
        string idPrefix, WorkflowFilter filter, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Ids of workflows to look after: those not final, and those ended by a user whose instances may still run. Goes round: begins
    /// after <paramref name="cursor"/> and gives where to go on, null at the end.
    /// </summary>
    Task<ActiveWorkflows> GetActiveAsync(string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Ids of the same workflows, for whoever only looks: the sweep goes its own way.</summary>
    IAsyncEnumerable<string> ListActiveAsync(CancellationToken cancellationToken);

    /// <summary>Takes back <see cref="TryAddAsync"/>: the id belongs to somebody else. Safe to call twice.</summary>
    /// <param name="state">What was added.</param>
    /// <param name="cancellationToken">Cancels the call; what is left is taken back by another call.</param>
    Task RemoveAsync(WorkflowState state, CancellationToken cancellationToken);

    /// <summary>Notes that a final workflow's instances have ended: it needs no more looking after.</summary>
    Task SettleAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A workflow's result: inline or by reference.</summary>
/// <param name="Json">The result's JSON text; null if it lies in the payload store.</param>
/// <param name="Reference">Where it lies; null if it is inline.</param>
public sealed record WorkflowResult(string? Json, PayloadReference? Reference);

/// <summary>What became of a request to change a workflow's state.</summary>
/// <param name="State">The state that holds now.</param>
/// <param name="Refused">True if it forbids the change, and nothing was changed.</param>
public sealed record WorkflowChange(WorkflowState State, bool Refused);

/// <summary>Which workflows to list; null parts do not matter.</summary>
/// <param name="Status">Those in this status.</param>
/// <param name="Workflow">Those of this name.</param>
/// <param name="Owner">Those of this owner.</param>
/// <param name="Stamp">Those with this label.</param>
/// <param name="AnyOf">Those in one of these statuses.</param>
/// <param name="Error">Those that failed with this code.</param>
/// <param name="From">Those accepted at this time or later.</param>
/// <param name="Before">Those accepted before this time.</param>
public sealed record WorkflowFilter(
    WorkflowStatus? Status = null,
    string? Workflow = null,
    string? Owner = null,
    string? Stamp = null,
    IReadOnlyList<WorkflowStatus>? AnyOf = null,
    string? Error = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Before = null);

/// <summary>One page of workflows.</summary>
/// <param name="Workflows">Newest first.</param>
/// <param name="Continuation">Where the next page begins; null if this is the last.</param>
public sealed record WorkflowPage(IReadOnlyList<WorkflowState> Workflows, string? Continuation);

/// <summary>Workflows to look after.</summary>
/// <param name="Ids">Their ids.</param>
/// <param name="Cursor">Where to go on; null if the round is complete.</param>
public sealed record ActiveWorkflows(IReadOnlyList<string> Ids, string? Cursor);
