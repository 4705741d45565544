using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;

namespace Chard.Status;

/// <summary>Makes a state agree with its orchestration where something has come between them.</summary>
public interface IWorkflowRepair
{
    /// <summary>Age at which the state of an unfinished workflow is in doubt: 2 seconds.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(2);

    /// <summary>The state that holds, brought up to date if it is old enough to be in doubt.</summary>
    Task<WorkflowState> CheckAsync(WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken);
}
