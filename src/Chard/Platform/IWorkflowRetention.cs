namespace Chard.Platform;

/// <summary>
/// What an app keeps of a workflow outside of Chard's own storage, such as uploads: it goes when the workflow does, by retention or by
/// an erasure. Register it as a service; any number may be.
/// </summary>
public interface IWorkflowRetention
{
    /// <summary>What it deletes, in a receipt's <c>others</c>: a camelCase name such as <c>uploads</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Deletes what belongs to a workflow that has ended and is about to go. Safe to repeat. What it throws keeps the workflow: it is
    /// tried again.
    /// </summary>
    /// <param name="workflowId">The workflow's id.</param>
    /// <param name="workflow">Its name, as in the catalogue.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How much was deleted.</returns>
    Task<int> DeleteAsync(string workflowId, string workflow, CancellationToken cancellationToken);
}
