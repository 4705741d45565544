using System.Globalization;
using System.Text;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Status;

/// <summary>Tells how workflows stand, and what they gave.</summary>
public sealed class WorkflowStatusApi(
    IWorkflowStatusStore store,
    WorkflowWatch watch,
    IPayloadStore payloads,
    ILedgerStore ledger,
    TimeProvider time)
{
    /// <summary>Longest <c>wait</c>, in seconds.</summary>
    public const int MaxWaitSeconds = 60;

    /// <summary>
    /// <c>GET /api/workflows</c>: a page of them, newest first; with <c>?idPrefix=</c> those whose ids begin so, by id, on one page.
    /// </summary>
    [Function("ListWorkflows")]
    [Answers(200, 400)]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(
            request, "status", "workflow", "owner", "stamp", "error", "from", "before", "idPrefix", "limit", "continuation");
        var filter = new WorkflowFilter(
            query.OneOf<WorkflowStatus>("status"), query.Text("workflow"), query.Text("owner"), query.Stamp("stamp"),
            Error: query.Text("error"), From: query.Time("from"), Before: query.Time("before"));
        string? idPrefix = query.Text("idPrefix", WorkflowId.MaxLength);
        int limit = query.Limit();
        string? continuation = query.Continuation();
        query.OnlyWith(idPrefix is null, "lists newest first, not with idPrefix", "continuation");
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (idPrefix is not null)
        {
            IReadOnlyList<WorkflowState> found = WorkflowId.IsValid(idPrefix)
                ? await store.ListByIdAsync(idPrefix, filter, limit, cancellationToken)
                : [];
            return Results.Ok(new WorkflowListDocument([.. found.Select(w => WorkflowDocuments.Status(request, w))], null));
        }

        WorkflowPage page = await store.ListAsync(filter, limit, continuation, cancellationToken);
        return Results.Ok(
            new WorkflowListDocument([.. page.Workflows.Select(w => WorkflowDocuments.Status(request, w))], page.Continuation));
    }

    /// <summary>
    /// <c>GET /api/workflows/{id}</c>: the status document with its ETag. <c>?wait=20</c> answers as soon as the state changes or
    /// is final (changes from the <c>If-None-Match</c> given, or from now on). <c>?tasks=true</c> adds a page of the rows of its
    /// tasks. <c>Accept: text/event-stream</c> streams the changes.
    /// </summary>
    [Function("GetWorkflow")]
    [Answers(200, 204, 304, 400, 404)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(request, "wait", "tasks", "limit", "continuation");
        int wait = query.Number("wait", 0, MaxWaitSeconds, 0);
        bool tasks = query.Flag("tasks");
        int limit = query.Number("limit", 1, TaskRowDocuments.MaxRows, TaskRowDocuments.MaxRows);
        string? after = query.Position("continuation");
        query.OnlyWith(tasks, "tasks=true", "limit", "continuation");
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        // A stream goes on when this method has returned.
        WorkflowView view = watch.Open(id, client);
        request.HttpContext.Response.RegisterForDispose(view);
        if (await view.GetAsync(cancellationToken) is not { } state)
        {
            return Problems.WorkflowNotFound(id);
        }

        if (request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            return Stream(request, view, state);
        }

        string? known = request.Headers.IfNoneMatch.Count == 1 ? request.Headers.IfNoneMatch[0] : null;
        if (wait > 0 && (known is null || known == WorkflowDocuments.TagOf(state)))
        {
            state = await view.NextAsync(state, TimeSpan.FromSeconds(wait), cancellationToken) ?? state;
        }

        StatusDocument document = WorkflowDocuments.Status(request, state);
        if (tasks)
        {
            // Rows change without the state: they have no tag to compare.
            TaskRowPage page = await TaskRowDocuments.ReadAsync(ledger, state, limit, after, cancellationToken);
            return Results.Ok(new StatusWithTasksDocument(document, page));
        }

        request.HttpContext.Response.Headers.ETag = WorkflowDocuments.TagOf(state);
        return known == WorkflowDocuments.TagOf(state)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Ok(document);
    }

    /// <summary><c>GET /api/workflows/{id}/result</c>: the result; 409 as long as there is none, 404 for an unknown id.</summary>
    [Function("GetWorkflowResult")]
    [Answers(200, 400, 404, 409, 410)]
    public async Task<IResult> GetResultAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows/{id}/result")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        if (query.Problem is { } problem)
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

        return state.Status == WorkflowStatus.Completed ? await ResultAsync(id, cancellationToken) : NoResult(state);
    }

    private IResult Stream(HttpRequest request, WorkflowView view, WorkflowState state)
    {
        long? lastSeen = long.TryParse(
            request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : null;
        if (WorkflowTransitions.IsFinal(state.Status) && lastSeen == state.Version)
        {
            // The one answer that keeps an EventSource from connecting again.
            return Results.NoContent();
        }

        return new WorkflowEventStream(view, state, lastSeen, time);
    }

    private async Task<IResult> ResultAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.GetResultAsync(id, cancellationToken) is not { } result)
        {
            return Results.Text("null", "application/json", Encoding.UTF8);
        }

        if (result.Reference is null)
        {
            return Results.Text(result.Json, "application/json", Encoding.UTF8);
        }

        try
        {
            return Results.Stream(await payloads.OpenReadAsync(result.Reference, cancellationToken), "application/json");
        }
        catch (PermanentTaskException e)
        {
            return Problems.Problem(StatusCodes.Status410Gone, "result-gone", "The result is no longer there.", e.Message);
        }
    }

    private static IResult NoResult(WorkflowState state)
    {
        string status = WorkflowRows.StatusText(state.Status);
        return Problems.Problem(
            StatusCodes.Status409Conflict, "no-result", "The workflow has no result.",
            WorkflowTransitions.IsFinal(state.Status)
                ? $"The workflow ended as {status}; its status tells why."
                : $"The workflow is {status}. Ask again when its status is completed.",
            new Dictionary<string, object?> { ["state"] = status });
    }
}
