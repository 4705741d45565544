using System.Text.Json;
using Chard.Domain.Workflows;
using Chard.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Workflows;

/// <summary>Starts workflows and tells how they stand.</summary>
public sealed class WorkflowsApi(IWorkflowStarter starter, IWorkflowStatusStore store)
{
    /// <summary><c>POST /api/workflows</c>: starts one; 202, or 400 with every fault, 409 if the id belongs to another start.</summary>
    [Function("StartWorkflow")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        byte[]? body = await JsonBody.ReadAsync(request, StartDocument.MaxBytes, cancellationToken);
        if (body is null)
        {
            return Problems.BodyTooLarge(StartDocument.MaxBytes);
        }

        try
        {
            return WorkflowDocuments.Accepted(request, await starter.StartAsync(StartDocument.Parse(body), client, cancellationToken));
        }
        catch (InvalidStartException e)
        {
            return StartProblems.Invalid(e);
        }
        catch (StartConflictException e)
        {
            return StartProblems.Conflict(e);
        }
    }

    /// <summary><c>GET /api/workflows/{id}</c>: the status document, or 404.</summary>
    [Function("GetWorkflow")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        WorkflowState? state = await store.GetAsync(id, cancellationToken);
        return state is null ? Problems.WorkflowNotFound(id) : Results.Ok(WorkflowDocuments.Status(request, state));
    }

    /// <summary><c>GET /api/workflows/{id}/result</c>: the result; 409 as long as there is none, 404 for an unknown id.</summary>
    [Function("GetWorkflowResult")]
    public async Task<IResult> GetResultAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows/{id}/result")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        WorkflowState? state = await store.GetAsync(id, cancellationToken);
        return state switch
        {
            null => Problems.WorkflowNotFound(id),
            { Status: WorkflowStatus.Completed } => Results.Ok(state.Result),
            _ => Problems.Problem(
                StatusCodes.Status409Conflict, "no-result", "The workflow has no result.",
                WorkflowTransitions.IsFinal(state.Status)
                    ? $"The workflow ended as {JsonNamingPolicy.CamelCase.ConvertName(state.Status.ToString())}; its status tells why."
                    : $"The workflow is {JsonNamingPolicy.CamelCase.ConvertName(state.Status.ToString())}. Ask again when its status is completed."),
        };
    }
}
