using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Running;

/// <summary>Tells of one task of a workflow, with its result.</summary>
public sealed class TaskRowApi(ILedgerStore ledger, IWorkflowStatusStore store, TaskValueStore values)
{
    /// <summary>Largest result that is shown, in bytes: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// <c>GET /api/workflows/{id}/tasks/{path}</c>: the row of a task by its position. Costs a request for each thousand rows before it.
    /// </summary>
    [Function("GetWorkflowTask")]
    [Answers(200, 400, 404, 410)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows/{id}/tasks/{path}")] HttpRequest request,
        string id,
        string path,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!WorkflowId.IsValid(id) || !TaskPath.IsValid(path))
        {
            return Problems.InvalidRequest(
                WorkflowId.IsValid(id) ? "A task's position is as its workflow's status tells it." : WorkflowId.Rule);
        }

        if (await store.GetAsync(id, cancellationToken) is not { } state)
        {
            return Problems.WorkflowNotFound(id);
        }

        await foreach (LedgerRow row in ledger.ListAsync(id, cancellationToken))
        {
            if (TaskRowDocuments.PathOf(row) == path)
            {
                return await AnswerAsync(row, state, cancellationToken);
            }
        }

        return Problems.Problem(
            StatusCodes.Status404NotFound, "task-not-found", "There is no row of this task.",
            $"Workflow '{id}' has no row of a task at {path}: it has not begun, or keeps none (a wide map's or group's tasks that only "
                + "compute, or one without a ledger).");
    }

    private async Task<IResult> AnswerAsync(LedgerRow row, WorkflowState workflow, CancellationToken cancellationToken)
    {
        TaskRowDocument document = TaskRowDocuments.DocumentOf(row, workflow);
        long bytes = row.Result?.Reference?.Bytes ?? 0;
        try
        {
            JsonElement? result = row.Result is null || bytes > MaxBytes
                ? null
                : JsonElement.Parse((await values.CheckOutAsync(row.Result, cancellationToken)).Span);
            return Results.Json(
                new TaskResultDocument(
                    document.Path, document.Task, document.Status, document.Attempt, document.Generation, document.StartedAt,
                    document.FinishedAt, document.Progress, document.Failure, document.Stamps, result, bytes == 0 ? null : bytes,
                    bytes > MaxBytes),
                TaskJson.Options);
        }
        catch (PermanentTaskException e)
        {
            return Problems.Problem(StatusCodes.Status410Gone, "result-gone", "The result is no longer there.", e.Message);
        }
    }
}

/// <summary>One task of a workflow with its result; times are UTC.</summary>
/// <param name="Path">Its position.</param>
/// <param name="Task">Its name.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Attempt">Which try it is.</param>
/// <param name="Generation">How often an operator has had it tried anew.</param>
/// <param name="StartedAt">When the try began.</param>
/// <param name="FinishedAt">When it ended; null while it runs.</param>
/// <param name="Progress">How far it says it is.</param>
/// <param name="Failure">Why it failed, or what it waits for.</param>
/// <param name="Stamps">Labels.</param>
/// <param name="Result">What it gave; null if it gave null, nothing yet, or too much to be shown.</param>
/// <param name="ResultBytes">Size of a result that is stored by itself; else null.</param>
/// <param name="Omitted">True if it is too large to be shown.</param>
public sealed record TaskResultDocument(
    string Path,
    string Task,
    LedgerStatus Status,
    int Attempt,
    int Generation,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    TaskProgress? Progress,
    TaskRowFailure? Failure,
    IReadOnlyList<string> Stamps,
    [property: JsonConverter(typeof(ExactNumbers))] JsonElement? Result,
    long? ResultBytes,
    bool Omitted);
