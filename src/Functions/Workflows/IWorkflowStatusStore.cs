using Chard.Domain.Workflows;

namespace Chard.Functions.Workflows;

/// <summary>The user-visible state of workflows, readable without the durable client.</summary>
public interface IWorkflowStatusStore
{
    /// <summary>Claims <paramref name="state"/>'s id with a first row. False if the id has a row already, which stays as it is.</summary>
    /// <param name="state">The first state.</param>
    /// <param name="requestHash">Fingerprint of the start, to tell a repeated start from another one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<bool> TryAddAsync(WorkflowState state, string requestHash, CancellationToken cancellationToken);

    /// <summary>The state of a workflow; null if the id is unknown.</summary>
    Task<WorkflowState?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The fingerprint of the start that claimed the id, as given to <see cref="TryAddAsync"/>; null if the id is unknown.</summary>
    Task<string?> GetRequestHashAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Applies an update and returns the state that holds now. An update that <see cref="WorkflowTransitions"/> forbids changes
    /// nothing. Races are settled by ETag: the loser reads again and decides again.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The id has no row.</exception>
    Task<WorkflowState> UpdateAsync(WorkflowUpdate update, CancellationToken cancellationToken);
}
