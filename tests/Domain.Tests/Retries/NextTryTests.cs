using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Retries;
using Chard.Domain.Tasks;

namespace Chard.Domain.Tests.Retries;

/// <summary>The one decision about a try that gave no result: fast, slow and in a map's chunk.</summary>
public sealed class NextTryTests
{
    private static readonly TaskPolicy Exact = TaskPolicy.Default with { Jitter = 0 };
    private static readonly TaskFailure Broken = new(FailureKind.Transient, "io", "broken");

    [Fact]
    public void Transient_SpendsAnAttempt()
    {
        NextTry next = After(Broken, new(0, 2, 3));

        Assert.Equal((new CallTurn(0, 3, 3), TimeSpan.FromSeconds(120)), (next.Turn, next.Decision.Delay));
    }

    [Fact]
    public void RateLimit_SpendsAWaitAndNoAttempt()
    {
        NextTry next = After(new(FailureKind.RateLimited, "http-429", "slow down", TimeSpan.FromSeconds(30)), new(0, 2, 3));

        Assert.Equal((new CallTurn(0, 2, 4), TimeSpan.FromSeconds(30)), (next.Turn, next.Decision.Delay));
    }

    [Theory]
    [InlineData(12, 12_000)]
    [InlineData(0, 100)]
    [InlineData(null, 100)]
    public void Busy_IsTheVerySameCallWhateverIsSpent(int? seconds, int milliseconds)
    {
        TaskOutcome busy = TaskOutcome.Busy(TimeSpan.FromSeconds(seconds ?? 0));
        TaskFailure failure = (seconds is null ? busy.Again! with { Seconds = null } : busy.Again!).ToFailure();

        NextTry next = After(failure, new(0, 6, 1_000), left: TimeSpan.Zero);

        Assert.True(next.Decision.Retries);
        Assert.Equal((new CallTurn(0, 6, 1_000), TimeSpan.FromMilliseconds(milliseconds)), Shape(next));
    }

    [Fact]
    public void Permanent_IsTheLast()
    {
        NextTry next = After(Broken with { Kind = FailureKind.Permanent }, new(0, 1, 0));

        Assert.Equal((new CallTurn(0, 1, 0), GiveUpReason.Permanent), (next.Turn, next.Decision.GiveUp));
    }

    [Fact]
    public void AnotherGeneration_CountsFromItsOwnFirstCall()
    {
        CallTurn begun = new(1, 7, 4);

        Assert.Equal((new CallTurn(1, 8, 4), TimeSpan.FromSeconds(60)), Shape(After(Broken, begun, begun)));
        Assert.Equal(GiveUpReason.Attempts, After(Broken, begun with { Attempt = 12 }, begun).Decision.GiveUp);
        TaskFailure limit = new(FailureKind.RateLimited, "http-429", "slow down");
        Assert.Equal((new CallTurn(1, 7, 5), TimeSpan.FromSeconds(60)), Shape(After(limit, begun, begun)));
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public void Deadline_ForbidsATryThatWouldBeginAtItOrLater(int left, bool retries)
    {
        RetryDecision decision = After(Broken, CallTurn.First, left: TimeSpan.FromSeconds(left)).Decision;

        Assert.Equal((retries, retries ? null : GiveUpReason.Deadline), (decision.Retries, decision.GiveUp));
    }

    [Fact]
    public void Jitter_IsThatOfThePlaceAndTheTurn()
    {
        NextTry Spread(string path, int attempt) => NextTry.After(
            TaskPolicy.Default with { Backoff = 1 }, Broken, new(0, attempt, 0), CallTurn.First, TimeSpan.Zero, null, "wf", path);

        Assert.Equal(Spread("0", 1), Spread("0", 1));
        Assert.NotEqual(Spread("0", 1).Decision.Delay, Spread("1", 1).Decision.Delay);
        Assert.NotEqual(Spread("0", 1).Decision.Delay, Spread("0", 2).Decision.Delay);
    }

    [Fact]
    public void ToFailure_AbsurdWish_IsCutBeforeItIsATime() =>
        Assert.Equal(RetryAfter.Longest, new RetryLater(1e300, "http-429", "never").ToFailure().RetryAfter);

    private static (CallTurn Turn, TimeSpan Delay) Shape(NextTry next) => (next.Turn, next.Decision.Delay);

    private static NextTry After(TaskFailure failure, CallTurn turn, CallTurn? begun = null, TimeSpan? left = null) =>
        NextTry.After(Exact, failure, turn, begun ?? CallTurn.First, TimeSpan.Zero, left, "wf", "0");
}
