using Chard.Domain.Identity;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>Tells why workflows are not done.</summary>
public sealed class WorkflowReasonsApi(WorkflowReasons reasons, WorkflowWatch watch, TimeProvider time)
{
    private const int DefaultMinutes = 10;
    private const int MaxMinutes = 7 * 24 * 60;
    private const int MaxStuck = 50;
    private const int DefaultStuck = 20;

    /// <summary><c>GET /api/workflows/{id}/reasons</c>: what keeps it; nothing of one that has ended.</summary>
    [Function("GetWorkflowReasons")]
    [Answers(200, 400, 404)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows/{id}/reasons")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        if (await watch.GetAsync(id, client, cancellationToken) is not { } state)
        {
            return Problems.WorkflowNotFound(id);
        }

        (IReadOnlyList<WorkflowReason> found, bool isMore) = await reasons.OfAsync(state, client, cancellationToken);
        return Results.Json(new ReasonsDocument(state.Id, state.Status, found, isMore), TaskJson.Options);
    }

    /// <summary>
    /// <c>GET /api/stuck</c>: workflows that are queued or running and to which nothing has happened for <c>minutes</c> (10), the longest
    /// first, each with what keeps it.
    /// </summary>
    [Function("ListStuckWorkflows")]
    [Answers(200, 400)]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "stuck")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(request, "minutes", "limit");
        int minutes = query.Number("minutes", 1, MaxMinutes, DefaultMinutes);
        int limit = query.Number("limit", 1, MaxStuck, DefaultStuck);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        (IReadOnlyList<WorkflowState> stuck, bool isMore) = await reasons.StuckAsync(
            time.GetUtcNow().AddMinutes(-minutes), limit, cancellationToken);
        IReadOnlyList<WorkflowReason>[] why = await reasons.OfAsync(stuck, client, cancellationToken);
        return Results.Json(
            new StuckListDocument([.. stuck.Zip(why, (w, r) => new StuckDocument(WorkflowDocuments.Status(request, w), r))], isMore),
            TaskJson.Options);
    }
}

/// <summary>What keeps a workflow.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Status">Its status.</param>
/// <param name="Reasons">What needs a person first; empty if it has ended.</param>
/// <param name="More">True if there are more than are told, or were looked at.</param>
public sealed record ReasonsDocument(string Id, WorkflowStatus Status, IReadOnlyList<WorkflowReason> Reasons, bool More);

/// <summary>Workflows that are stuck.</summary>
/// <param name="Workflows">The longest first.</param>
/// <param name="More">True if there are more of them, or more unfinished workflows than were looked at.</param>
public sealed record StuckListDocument(IReadOnlyList<StuckDocument> Workflows, bool More);

/// <summary>A workflow that is stuck.</summary>
/// <param name="Workflow">Its status.</param>
/// <param name="Reasons">What keeps it.</param>
public sealed record StuckDocument(StatusDocument Workflow, IReadOnlyList<WorkflowReason> Reasons);
