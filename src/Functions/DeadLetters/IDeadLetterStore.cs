using Chard.Domain.DeadLetters;

namespace Chard.Functions.DeadLetters;

/// <summary>Keeps dead letters until somebody has resolved them.</summary>
public interface IDeadLetterStore
{
    /// <summary>
    /// Writes a dead letter. Safe to repeat: one that is there already stays as it is, so that a redelivered write never reopens
    /// what an operator has resolved.
    /// </summary>
    /// <returns>True if it was written now, false if it was there.</returns>
    Task<bool> AddAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>The dead letter of an id; null if there is none.</summary>
    Task<DeadLetter?> GetAsync(string id, CancellationToken cancellationToken);
}
