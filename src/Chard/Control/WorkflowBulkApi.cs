using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>
/// Cancels, pauses and resumes the workflows that meet a filter, newest first, up to <c>limit</c> in one call, by the rules for a single
/// one; call again with the <c>continuation</c> given until there is none.
/// </summary>
public sealed class WorkflowBulkApi(IWorkflowStatusStore store, WorkflowControl control)
{
    private static readonly string[] Members =
        ["stamp", "workflow", "owner", "status", "error", "from", "before", "all", "limit", "continuation"];

    /// <summary><c>POST /api/workflows/cancel</c>: ends those that have not ended, with everything below them.</summary>
    [Function("CancelWorkflows")]
    [Answers(200, 400, 413)]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/cancel")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ActAsync(
            request, "cancelled", [WorkflowStatus.Queued, WorkflowStatus.Running, WorkflowStatus.Parked, WorkflowStatus.Paused],
            (id, token) => control.CancelAsync(id, client, token),
            (matched, refused, next) => new BulkCancelDocument(matched, matched - refused.Count, refused, next), cancellationToken);

    /// <summary><c>POST /api/workflows/pause</c>: holds those that have not ended; one that has not begun is refused.</summary>
    [Function("PauseWorkflows")]
    [Answers(200, 400, 413)]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/pause")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ActAsync(
            request, "paused", [WorkflowStatus.Queued, WorkflowStatus.Running, WorkflowStatus.Parked],
            (id, token) => control.PauseAsync(id, client, token),
            (matched, refused, next) => new BulkPauseDocument(matched, matched - refused.Count, refused, next), cancellationToken);

    /// <summary><c>POST /api/workflows/resume</c>: lets those that are paused go on.</summary>
    [Function("ResumeWorkflows")]
    [Answers(200, 400, 413)]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/resume")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ActAsync(
            request, "resumed", [WorkflowStatus.Paused],
            (id, token) => control.ResumeAsync(id, client, token),
            (matched, refused, next) => new BulkResumeDocument(matched, matched - refused.Count, refused, next), cancellationToken);

    private async Task<IResult> ActAsync(
        HttpRequest request,
        string participle,
        IReadOnlyList<WorkflowStatus> statuses,
        Func<string, CancellationToken, Task<WorkflowChange?>> act,
        Func<int, IReadOnlyList<BulkRefusal>, string?, object> document,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } wrongQuery)
        {
            return wrongQuery;
        }

        BodyReader body = await BodyReader.ReadAsync(request, Members, cancellationToken);
        var filter = new WorkflowFilter(
            body.OneOf("status", statuses), body.Text("workflow"), body.Text("owner"), body.Stamp("stamp"),
            Error: body.Text("error"), From: body.Time("from"), Before: body.Time("before"));
        int limit = body.Number("limit", 1, Bulk.MaxPerCall, Bulk.DefaultPerCall);
        string? continuation = body.Continuation();
        if (!body.Flag("all") && body.Problem is null && filter == new WorkflowFilter())
        {
            body.Fault("", "Say which workflows (stamp, workflow, owner, status, error, from, before), or \"all\": true.");
        }

        if (body.Problem is { } problem)
        {
            return problem;
        }

        WorkflowPage page = await store.ListAsync(filter with { AnyOf = statuses }, limit, continuation, cancellationToken);
        IReadOnlyList<BulkRefusal> refused = await Bulk.ActAsync(
            [.. page.Workflows.Select(workflow => workflow.Id)],
            async (id, token) => await act(id, token) switch
            {
                null => "It is gone.",
                { Refused: true } change => WorkflowControlApi.Refusal(change.State.Status, participle),
                _ => null,
            },
            cancellationToken);
        return Results.Ok(document(page.Workflows.Count, refused, page.Continuation));
    }
}

/// <summary>What a bulk cancel did.</summary>
/// <param name="Matched">Workflows that met the conditions in this call and had not ended.</param>
/// <param name="Cancelled">Those that are cancelled now.</param>
/// <param name="Refused">Those that were not, with the reason: they ended meanwhile.</param>
/// <param name="Continuation">Member <c>continuation</c> of the next call; null when all are done.</param>
public sealed record BulkCancelDocument(int Matched, int Cancelled, IReadOnlyList<BulkRefusal> Refused, string? Continuation);

/// <summary>What a bulk pause did; members as of <see cref="BulkCancelDocument"/>.</summary>
public sealed record BulkPauseDocument(int Matched, int Paused, IReadOnlyList<BulkRefusal> Refused, string? Continuation);

/// <summary>What a bulk resume did; members as of <see cref="BulkCancelDocument"/>.</summary>
public sealed record BulkResumeDocument(int Matched, int Resumed, IReadOnlyList<BulkRefusal> Refused, string? Continuation);
