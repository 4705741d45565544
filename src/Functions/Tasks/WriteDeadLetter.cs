using Chard.Domain.DeadLetters;
using Chard.Functions.DeadLetters;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Tasks;

/// <summary>Puts a failure for good on the table. Safe to run twice: the id tells the failure, and a row that is there stays as it is.</summary>
public sealed class WriteDeadLetter(IDeadLetterStore letters)
{
    /// <summary>The activity.</summary>
    [Function(nameof(WriteDeadLetter))]
    public Task RunAsync([ActivityTrigger] DeadLetter letter, CancellationToken cancellationToken) => letters.AddAsync(letter, cancellationToken);
}
