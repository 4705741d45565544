using Chard.Domain.Failures;
using Chard.Domain.Retries;
using Chard.Domain.Tasks;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.Retries;

public sealed class RetryScheduleTests
{
    private static readonly TaskPolicy Exact = TaskPolicy.Default with { Jitter = 0 };

    [Fact]
    public void AfterFailure_DefaultPolicy_RetriesAfterTheSeedsDelays()
    {
        double[] delays = [.. Enumerable.Range(1, 5).Select(
            attempt => RetrySchedule.AfterFailure(Exact, FailureKind.Transient, attempt, TimeSpan.Zero, 0.7).Delay.TotalSeconds)];

        Assert.Equal([60, 120, 240, 480, 960], delays);
        Assert.Equal(GiveUpReason.Attempts, RetrySchedule.AfterFailure(Exact, FailureKind.Transient, 6, TimeSpan.Zero, 0.7).GiveUp);
    }

    [Fact]
    public void AfterFailure_Permanent_IsNeverRetried() =>
        Assert.Equal(GiveUpReason.Permanent, RetrySchedule.AfterFailure(Exact, FailureKind.Permanent, 1, TimeSpan.Zero, 0).GiveUp);

    [Fact]
    public void AfterFailure_LongestDelay_BoundsTheBackoff() =>
        Assert.Equal(TimeSpan.FromSeconds(100), RetrySchedule.Backoff(Exact with { MaxDelaySeconds = 100 }, 3));

    [Theory]
    [InlineData(30, true)] // 30 s gone and 60 s to wait: begins at 90 s, within the budget
    [InlineData(40, true)] // exactly at its end
    [InlineData(41, false)]
    public void AfterFailure_TimeBudget_ForbidsARetryThatWouldBeginAfterIt(int elapsed, bool retries)
    {
        RetryDecision decision = RetrySchedule.AfterFailure(
            Exact with { RetryTimeoutSeconds = 100 }, FailureKind.Transient, 1, TimeSpan.FromSeconds(elapsed), 0);

        Assert.Equal((retries, retries ? null : GiveUpReason.TimeBudget), (decision.Retries, decision.GiveUp));
    }

    [Fact]
    public void AfterRateLimit_Hint_IsNeverUndercutAndNeverPastSevenDays()
    {
        TaskPolicy policy = TaskPolicy.Default;

        Assert.Equal(TimeSpan.FromSeconds(10), RetrySchedule.AfterRateLimit(policy, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, 0).Delay);
        Assert.Equal(
            TimeSpan.FromSeconds(10.5), RetrySchedule.AfterRateLimit(policy, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, 0.5).Delay);
        Assert.Equal(TimeSpan.FromDays(7), RetrySchedule.AfterRateLimit(policy, 1, TimeSpan.MaxValue, TimeSpan.Zero, 0).Delay);
        Assert.Equal(TimeSpan.Zero, RetrySchedule.AfterRateLimit(policy, 1, TimeSpan.FromSeconds(-3), TimeSpan.Zero, 0.9).Delay);
    }

    [Fact]
    public void AfterRateLimit_NoHint_WaitsAsRetriesDo() =>
        Assert.Equal(TimeSpan.FromSeconds(240), RetrySchedule.AfterRateLimit(Exact, 3, null, TimeSpan.Zero, 0).Delay);

    [Fact]
    public void AfterRateLimit_MoreOftenThanAllowed_GivesUp()
    {
        TaskPolicy policy = Exact with { MaxRateLimitWaits = 2 };

        Assert.True(RetrySchedule.AfterRateLimit(policy, 2, null, TimeSpan.Zero, 0).Retries);
        Assert.Equal(GiveUpReason.RateLimitWaits, RetrySchedule.AfterRateLimit(policy, 3, null, TimeSpan.Zero, 0).GiveUp);
    }

    [Property]
    public Property AfterFailure_AnyPolicy_StaysInItsBounds() => Prop.ForAll(
        Policies(), Gen.Choose(1, int.MaxValue).ToArbitrary(), Gen.Choose(0, 1000).Select(n => n / 1000.0).ToArbitrary(),
        (policy, attempt, share) =>
        {
            RetryDecision decision = RetrySchedule.AfterFailure(policy, FailureKind.Transient, attempt, TimeSpan.Zero, share);
            TimeSpan plain = RetrySchedule.Backoff(policy, attempt);
            return attempt >= policy.Attempts
                ? decision.GiveUp == GiveUpReason.Attempts
                : decision.Retries
                    && plain >= TimeSpan.FromSeconds(Math.Min(policy.FirstDelaySeconds, policy.MaxDelaySeconds))
                    && plain <= TimeSpan.FromSeconds(policy.MaxDelaySeconds)
                    && decision.Delay >= plain && decision.Delay <= plain * (1 + policy.Jitter) + TimeSpan.FromMilliseconds(1);
        });

    [Property]
    public Property Backoff_LaterAttempt_NeverWaitsLess() => Prop.ForAll(
        Policies(), Gen.Choose(1, 100_000).ToArbitrary(),
        (policy, attempt) => RetrySchedule.Backoff(policy, attempt + 1) >= RetrySchedule.Backoff(policy, attempt));

    [Property]
    public bool Share_AnyPosition_IsFromZeroToOneAndAlwaysTheSame(NonNull<string> workflow, NonNull<string> path, int turn)
    {
        double share = Jitter.Share(workflow.Get, path.Get, turn);
        return share is >= 0 and < 1 && share == Jitter.Share(new string(workflow.Get.AsSpan()), path.Get, turn);
    }

    [Fact]
    public void Share_KnownPositions_AreTheSameInEveryProcess()
    {
        // Histories written by an older process are replayed with these numbers: they must never change.
        Assert.Equal(0.9266007347299724, Jitter.Share("wf", "0", 1), 1e-15);
        Assert.Equal(0.8744403096943135, Jitter.Share("order-1", "2.0.17", 3), 1e-15);
    }

    [Fact]
    public void Share_NeighbouringPositions_Spread()
    {
        double[] shares = [.. Enumerable.Range(0, 1000).Select(i => Jitter.Share("wf", TaskPath.Below("3", i), 1))];
        int[] buckets = [.. shares.GroupBy(s => (int)(s * 10)).OrderBy(g => g.Key).Select(g => g.Count())];

        Assert.Equal(10, buckets.Length);
        Assert.All(buckets, count => Assert.InRange(count, 60, 140));
    }

    private static Arbitrary<TaskPolicy> Policies() =>
        (from attempts in Gen.Choose(1, 100)
         from first in Gen.Choose(1, 86_400_000)
         from factor in Gen.Choose(100, 1000)
         from longest in Gen.Choose(0, 518_400)
         from jitter in Gen.Choose(0, 100)
         select new TaskPolicy
         {
             Attempts = attempts,
             FirstDelaySeconds = first / 1000.0,
             Backoff = factor / 100.0,
             MaxDelaySeconds = (first / 1000.0) + longest,
             Jitter = jitter / 100.0,
         }).ToArbitrary();
}
