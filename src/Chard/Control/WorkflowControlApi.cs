using Chard.Domain.Identity;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>
/// Cancels, pauses and resumes workflows. Each answers 202 with the state that holds, 404 for an unknown id, and 409 where the
/// state forbids it, with nothing changed. What already holds may be asked for again.
/// </summary>
public sealed class WorkflowControlApi(WorkflowControl control)
{
    /// <summary><c>POST /api/workflows/{id}/cancel</c>: ends it and everything below it, and discards its open dead letters.</summary>
    [Function("CancelWorkflow")]
    [Answers(202, 400, 404, 409)]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        AnswerAsync(request, id, "cancelled", () => control.CancelAsync(id, client, cancellationToken));

    /// <summary><c>POST /api/workflows/{id}/pause</c>: lets what runs finish and starts nothing new.</summary>
    [Function("PauseWorkflow")]
    [Answers(202, 400, 404, 409)]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/{id}/pause")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        AnswerAsync(request, id, "paused", () => control.PauseAsync(id, client, cancellationToken));

    /// <summary><c>POST /api/workflows/{id}/resume</c>: goes on where it was paused.</summary>
    [Function("ResumeWorkflow")]
    [Answers(202, 400, 404, 409)]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/{id}/resume")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        AnswerAsync(request, id, "resumed", () => control.ResumeAsync(id, client, cancellationToken));

    /// <summary>Why a change is refused.</summary>
    internal static string Refusal(WorkflowStatus status, string participle) =>
        $"The workflow is {WorkflowRows.StatusText(status)} and cannot be {participle}.";

    private static async Task<IResult> AnswerAsync(HttpRequest request, string id, string participle, Func<Task<WorkflowChange?>> act)
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

        if (await act() is not { } change)
        {
            return Problems.WorkflowNotFound(id);
        }

        return change.Refused
            ? Problems.WrongState(Refusal(change.State.Status, participle), WorkflowRows.StatusText(change.State.Status))
            : WorkflowDocuments.Accepted(request, id, change.State.Status);
    }
}
