using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Domain.Retries;

/// <summary>When a failed call is made again: pure arithmetic on a policy, so that an orchestrator may ask it on every replay.</summary>
public static class RetrySchedule
{
    /// <summary>Decides after a failure of the <paramref name="attempt"/>-th try.</summary>
    /// <param name="policy">The task's policy.</param>
    /// <param name="kind">What the failure asks for.</param>
    /// <param name="attempt">Tries made so far, from 1.</param>
    /// <param name="elapsed">Time since the first try.</param>
    /// <param name="share">Where in the jitter's range the delay falls: 0 to 1, <see cref="Jitter.Share"/>.</param>
    public static RetryDecision AfterFailure(TaskPolicy policy, FailureKind kind, int attempt, TimeSpan elapsed, double share)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        if (kind == FailureKind.Permanent)
        {
            return RetryDecision.Never(GiveUpReason.Permanent);
        }

        return attempt >= policy.Attempts
            ? RetryDecision.Never(GiveUpReason.Attempts)
            : WithinBudget(policy, elapsed, Spread(Backoff(policy, attempt), policy.Jitter, share));
    }

    /// <summary>Decides after the task has asked for the <paramref name="wait"/>-th time to come back later. Spends no attempt.</summary>
    /// <param name="policy">The task's policy.</param>
    /// <param name="wait">Requests so far, from 1.</param>
    /// <param name="retryAfter">What the other side asked for; null if it did not say: then the delays are those of retries.</param>
    /// <param name="elapsed">Time since the first try.</param>
    /// <param name="share">Where in the jitter's range the delay falls: 0 to 1. Never before the time that was asked for.</param>
    public static RetryDecision AfterRateLimit(TaskPolicy policy, int wait, TimeSpan? retryAfter, TimeSpan elapsed, double share)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, 1);
        if (wait > policy.MaxRateLimitWaits)
        {
            return RetryDecision.Never(GiveUpReason.RateLimitWaits);
        }

        TimeSpan delay = retryAfter switch
        {
            null => Backoff(policy, wait),
            { } asked when asked < TimeSpan.Zero => TimeSpan.Zero,
            { } asked when asked > RetryAfter.Longest => RetryAfter.Longest,
            { } asked => asked,
        };
        return WithinBudget(policy, elapsed, Spread(delay, policy.Jitter, share));
    }

    /// <summary>
    /// The delay after the <paramref name="attempt"/>-th try, before jitter: first × backoff^(attempt - 1), at
    /// most the longest. No overflow.
    /// </summary>
    public static TimeSpan Backoff(TaskPolicy policy, int attempt)
    {
        ArgumentNullException.ThrowIfNull(policy);

        // Pow may reach infinity, which Min turns into the longest delay.
        double seconds = policy.FirstDelaySeconds * Math.Pow(policy.Backoff, attempt - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, policy.MaxDelaySeconds));
    }

    private static TimeSpan Spread(TimeSpan delay, double jitter, double share) => delay + (delay * (jitter * Math.Clamp(share, 0, 1)));

    private static RetryDecision WithinBudget(TaskPolicy policy, TimeSpan elapsed, TimeSpan delay) =>
        policy.RetryTimeoutSeconds is { } budget && elapsed + delay > TimeSpan.FromSeconds(budget)
            ? RetryDecision.Never(GiveUpReason.TimeBudget)
            : RetryDecision.After(delay);
}
