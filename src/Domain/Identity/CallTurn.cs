namespace Chard.Domain.Identity;

/// <summary>
/// Which call of one position in a workflow this is. All three only ever grow, so of two calls of a position the later one is
/// the greater, and a delivery that comes late is known by its turn.
/// </summary>
/// <param name="Generation">How often an operator has retried the position, from 0.</param>
/// <param name="Attempt">Which try it is, from 1, counted over all generations.</param>
/// <param name="Wait">How often the task has asked to come back later, from 0.</param>
public readonly record struct CallTurn(int Generation, int Attempt, int Wait) : IComparable<CallTurn>
{
    /// <summary>The first call of a position.</summary>
    public static CallTurn First { get; } = new(0, 1, 0);

    /// <inheritdoc/>
    public int CompareTo(CallTurn other) =>
        (Generation, Attempt, Wait).CompareTo((other.Generation, other.Attempt, other.Wait));

    public static bool operator <(CallTurn left, CallTurn right) => left.CompareTo(right) < 0;

    public static bool operator >(CallTurn left, CallTurn right) => left.CompareTo(right) > 0;

    public static bool operator <=(CallTurn left, CallTurn right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CallTurn left, CallTurn right) => left.CompareTo(right) >= 0;
}
