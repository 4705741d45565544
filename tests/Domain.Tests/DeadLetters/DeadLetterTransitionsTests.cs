using Chard.Domain.DeadLetters;

namespace Chard.Domain.Tests.DeadLetters;

public sealed class DeadLetterTransitionsTests
{
    [Theory]
    [InlineData(DeadLetterAction.Retry, true, DeadLetterState.Retried)]
    [InlineData(DeadLetterAction.Retry, false, DeadLetterState.Retried)]
    [InlineData(DeadLetterAction.Skip, true, DeadLetterState.Skipped)]
    [InlineData(DeadLetterAction.Skip, false, null)]
    [InlineData(DeadLetterAction.Fail, true, DeadLetterState.Failed)]
    [InlineData(DeadLetterAction.Fail, false, null)]
    [InlineData(DeadLetterAction.Discard, true, DeadLetterState.Discarded)]
    [InlineData(DeadLetterAction.Discard, false, DeadLetterState.Discarded)]
    public void After_OpenDeadLetter_AllowsWhatSomebodyWaitsFor(DeadLetterAction action, bool parked, DeadLetterState? expected) =>
        Assert.Equal(expected, DeadLetterTransitions.After(DeadLetterState.Open, parked, action));

    [Fact]
    public void After_ResolvedDeadLetter_AllowsNothing()
    {
        foreach (DeadLetterState state in Enum.GetValues<DeadLetterState>().Except([DeadLetterState.Open]))
        {
            foreach (DeadLetterAction action in Enum.GetValues<DeadLetterAction>())
            {
                Assert.Null(DeadLetterTransitions.After(state, parked: true, action));
                Assert.Null(DeadLetterTransitions.After(state, parked: false, action));
            }
        }
    }
}
