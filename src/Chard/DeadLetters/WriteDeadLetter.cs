using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;

namespace Chard.DeadLetters;

/// <summary>
/// Puts a failure for good on the table. Safe to run twice: the id tells the failure, and a row that is there stays as it is.
/// </summary>
public sealed class WriteDeadLetter(IDeadLetterStore letters, IWorkflowStatusStore workflows, DeadLetterNews news)
{
    [Function(nameof(WriteDeadLetter))]
    public async Task RunAsync([ActivityTrigger] DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        if (letter is { Class: TaskFailure.CancelledCode, WorkflowId: { } id }
            && await workflows.GetAsync(id, cancellationToken) is { Status: WorkflowStatus.Cancelled or WorkflowStatus.Expired })
        {
            // Stopped with its workflow, whose user has decided already: the orchestrator was told before it was ended itself.
            return;
        }

        if (await letters.AddAsync(letter, cancellationToken))
        {
            news.Written(letter);
        }
    }
}
