namespace Chard.Domain.DeadLetters;

/// <summary>Which action is allowed on which dead letter, and what it makes of it.</summary>
public static class DeadLetterTransitions
{
    /// <summary>
    /// The state after <paramref name="action"/>, or null if it is not allowed. Only an open dead letter can be resolved, once.
    /// Skip and fail need a workflow that waits; retry and discard do not.
    /// </summary>
    public static DeadLetterState? After(DeadLetterState state, bool parked, DeadLetterAction action) => (state, action) switch
    {
        (not DeadLetterState.Open, _) => null,
        (_, DeadLetterAction.Retry) => DeadLetterState.Retried,
        (_, DeadLetterAction.Discard) => DeadLetterState.Discarded,
        (_, DeadLetterAction.Skip) when parked => DeadLetterState.Skipped,
        (_, DeadLetterAction.Fail) when parked => DeadLetterState.Failed,
        _ => null,
    };
}
