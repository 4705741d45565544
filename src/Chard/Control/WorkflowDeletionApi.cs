using System.Collections.Concurrent;
using System.Globalization;
using Chard.Domain.Identity;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>
/// Deletes workflows that have ended, with everything that was ever stored of them, by the same steps as retention does: one by its id,
/// or those of a stamp or an owner, as a person may demand.
/// </summary>
public sealed class WorkflowDeletionApi(WorkflowDeletion deletion, WorkflowStates states, IWorkflowStatusStore store)
{
    /// <summary>Requests to storage after which a call deletes nothing more: the sweep does the rest.</summary>
    public const int MaxRequests = 5000;

    private static readonly string[] Members = ["stamp", "workflow", "owner", "status", "limit", "continuation"];

    private static readonly WorkflowStatus[] Final =
        [WorkflowStatus.Completed, WorkflowStatus.Failed, WorkflowStatus.Cancelled, WorkflowStatus.Expired];

    /// <summary>
    /// <c>DELETE /api/workflows/{id}</c>: 200 with a receipt of what went; 202 if there is more of it than one call deletes, and the
    /// sweep goes on; 409 while it has not ended.
    /// </summary>
    [Function("DeleteWorkflow")]
    [Answers(200, 202, 400, 404, 409)]
    public async Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "workflows/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        DeletionOutcome outcome = await DeleteAsync(id, client, new(MaxRequests), cancellationToken);
        switch (outcome.Result)
        {
            case DeletionResult.Deleted:
                return Results.Ok(new DeletionDocument(id, Deleted: true, outcome.Receipt));

            case DeletionResult.Unfinished:
                request.HttpContext.Response.Headers.RetryAfter =
                    WorkflowDocuments.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return Results.Accepted(value: new DeletionDocument(id, Deleted: false, outcome.Receipt));

            case DeletionResult.Refused:
                return Problems.WrongState(outcome.Reason!, WorkflowRows.StatusText(outcome.Status!.Value));

            default:
                return Problems.WorkflowNotFound(id);
        }
    }

    /// <summary>
    /// <c>POST /api/workflows/delete</c>: deletes those of a stamp or an owner that have ended, newest first, up to <c>limit</c> in one
    /// call; call again with the <c>continuation</c> given until there is none. What has not ended is refused.
    /// </summary>
    [Function("DeleteWorkflows")]
    [Answers(200, 400, 413)]
    public async Task<IResult> DeleteManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/delete")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } wrongQuery)
        {
            return wrongQuery;
        }

        BodyReader body = await BodyReader.ReadAsync(request, Members, cancellationToken);
        var filter = new WorkflowFilter(
            body.OneOf("status", Final), body.Text("workflow"), body.Text("owner"), body.Stamp("stamp"));
        int limit = body.Number("limit", 1, Bulk.MaxPerCall, Bulk.DefaultPerCall);
        string? continuation = body.Continuation();
        if (body.Problem is null && filter is { Stamp: null, Owner: null })
        {
            body.Fault("", "Say which workflows: 'stamp' is one label that they have, 'owner' whose they are.");
        }

        if (body.Problem is { } problem)
        {
            return problem;
        }

        WorkflowPage page = await store.ListAsync(filter, limit, continuation, cancellationToken);
        var budget = new RequestBudget(MaxRequests);
        var outcomes = new ConcurrentBag<DeletionOutcome>();
        IReadOnlyList<BulkRefusal> refused = await Bulk.ActAsync(
            [.. page.Workflows.Select(workflow => workflow.Id)],
            async (id, token) =>
            {
                DeletionOutcome outcome = await DeleteAsync(id, client, budget, token);
                outcomes.Add(outcome);
                return outcome.Reason;
            },
            cancellationToken);
        return Results.Ok(new BulkDeleteDocument(
            page.Workflows.Count,
            outcomes.Count(o => o.Result is DeletionResult.Deleted or DeletionResult.Unknown),
            outcomes.Count(o => o.Result == DeletionResult.Unfinished),
            refused,
            outcomes.Aggregate(DeletionReceipt.Nothing, (sum, outcome) => sum + outcome.Receipt),
            page.Continuation));
    }

    private async Task<DeletionOutcome> DeleteAsync(
        string id, DurableTaskClient client, RequestBudget budget, CancellationToken cancellationToken)
    {
        DeletionOutcome outcome = await deletion.DeleteAsync(id, createdAt: null, requested: true, client, budget, cancellationToken);
        return outcome.Result == DeletionResult.Unknown && await states.FindAsync(id, client, cancellationToken) is not null
            ? await deletion.DeleteAsync(id, createdAt: null, requested: true, client, budget, cancellationToken)
            : outcome;
    }
}

/// <summary>What a deletion did.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Deleted">True if nothing of it is left; false if the sweep does the rest.</param>
/// <param name="Receipt">What went.</param>
public sealed record DeletionDocument(string Id, bool Deleted, DeletionReceipt Receipt);

/// <summary>What a bulk deletion did.</summary>
/// <param name="Matched">Workflows that met the conditions in this call.</param>
/// <param name="Deleted">Those of which nothing is left.</param>
/// <param name="Pending">Those of which the sweep deletes the rest.</param>
/// <param name="Refused">Those that were not touched, with the reason: they have not ended.</param>
/// <param name="Receipt">What went, of all of them.</param>
/// <param name="Continuation">Member <c>continuation</c> of the next call; null when all are done.</param>
public sealed record BulkDeleteDocument(
    int Matched, int Deleted, int Pending, IReadOnlyList<BulkRefusal> Refused, DeletionReceipt Receipt, string? Continuation);
