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
        long bytes = row.Result?.Reference?.Bytes ?? 0;
        try
        {
            JsonElement? result = row.Result is null || bytes > MaxBytes
                ? null
                : JsonElement.Parse((await values.CheckOutAsync(row.Result, cancellationToken)).Span);
            return Results.Json(
                new TaskResultDocument(
                    TaskRowDocuments.DocumentOf(row, workflow), result, bytes == 0 ? null : bytes, bytes > MaxBytes),
                TaskJson.Options);
        }
        catch (PermanentTaskException e)
        {
            return Problems.Problem(StatusCodes.Status410Gone, "result-gone", "The result is no longer there.", e.Message);
        }
    }
}

/// <summary>One task of a workflow with its result.</summary>
public sealed record TaskResultDocument : TaskRowDocument
{
    /// <summary>The row, and the result beside it.</summary>
    public TaskResultDocument(TaskRowDocument row, JsonElement? result, long? resultBytes, bool omitted)
        : base(row) =>
        (Result, ResultBytes, Omitted) = (result, resultBytes, omitted);

    /// <summary>What it gave; null if it gave null, nothing yet, or too much to be shown.</summary>
    [JsonConverter(typeof(ExactNumbers))]
    public JsonElement? Result { get; }

    /// <summary>Size of a result that is stored by itself; else null.</summary>
    public long? ResultBytes { get; }

    /// <summary>True if it is too large to be shown.</summary>
    public bool Omitted { get; }
}
