using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;

namespace Chard.Starts;

/// <summary>Starts workflows: the one door behind HTTP, queue messages and uploads.</summary>
public interface IWorkflowStarter
{
    /// <summary>
    /// Checks the request whole, records the workflow as queued and schedules its orchestrator, in this order, so that an id is
    /// claimed once. Starting the same id or key with the same request again gives the same workflow and starts nothing; should
    /// a crash have come between the two steps, the second one is made up for, and should storage have lost the row, it is made anew.
    /// </summary>
    /// <exception cref="InvalidStartException">The request is wrong; nothing was started. Carries every fault.</exception>
    /// <exception cref="StartConflictException">The id or key belongs to another request.</exception>
    /// <param name="request">What to start.</param>
    /// <param name="client">The durable client bound to the calling function.</param>
    /// <param name="cancellationToken">Cancels the wait; what was recorded stays.</param>
    Task<StartedWorkflow> StartAsync(StartRequest request, DurableTaskClient client, CancellationToken cancellationToken);

    /// <summary>Checks the request whole, as a start does, and starts nothing.</summary>
    /// <exception cref="InvalidStartException">The request is wrong. Carries every fault.</exception>
    void Check(StartRequest request);

    /// <summary>
    /// The id that a start will have: the one given, the one its key leads to, or a fresh one, another with each call; those sort
    /// by time of creation.
    /// </summary>
    /// <exception cref="InvalidStartException">The id, key, owner or stamps are wrong. What is to be started is not looked at.</exception>
    string IdOf(StartRequest request);
}

/// <summary>What became of a start.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Workflow">Its name.</param>
/// <param name="Existed">True if this very start had been made before, so that nothing was started now.</param>
/// <param name="Status">Its present status.</param>
public sealed record StartedWorkflow(string Id, string Workflow, bool Existed, WorkflowStatus Status = WorkflowStatus.Queued);
