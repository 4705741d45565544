using System.Text.Json;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Workflows;

/// <summary>Starts workflows: the one door behind HTTP, queue messages and uploads.</summary>
public interface IWorkflowStarter
{
    /// <summary>
    /// Checks the request whole, records the workflow as queued and schedules its orchestrator, in this order, so that an id is
    /// claimed once. Starting the same id with the same request again gives the same workflow and starts nothing.
    /// </summary>
    /// <exception cref="InvalidStartException">The request is wrong; nothing was started. Carries every fault.</exception>
    /// <exception cref="StartConflictException">The id is taken by another request.</exception>
    /// <param name="request">What to start.</param>
    /// <param name="client">The durable client bound to the calling function.</param>
    /// <param name="cancellationToken">Gives up waiting; what was recorded stays.</param>
    Task<StartedWorkflow> StartAsync(StartRequest request, DurableTaskClient client, CancellationToken cancellationToken);

    /// <summary>A fresh id for a workflow whose caller gave none; ids sort by time of creation.</summary>
    string NewId();
}

/// <summary>A wish to start a workflow: the body of <c>POST /api/workflows</c> and of a message on queue <c>workflow-starts</c>.</summary>
/// <param name="Workflow">Name of the workflow, as in the catalogue.</param>
/// <param name="Args">Its arguments; their shape is the workflow's business.</param>
/// <param name="Id">Id to give it; null for a fresh one.</param>
/// <param name="Owner">Whose it is; up to 256 characters, shown in the status.</param>
public sealed record StartRequest(string? Workflow, JsonElement? Args, string? Id = null, string? Owner = null);

/// <summary>What became of a start.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Workflow">Its name.</param>
/// <param name="Existed">True if this very start had been made before, so that nothing was started now.</param>
public sealed record StartedWorkflow(string Id, string Workflow, bool Existed);
