namespace Chard.Domain.Retries;

/// <summary>Whether a call is made again, and when.</summary>
/// <param name="GiveUp">Why not; null if it is made again.</param>
/// <param name="Delay">How long to wait before it.</param>
public readonly record struct RetryDecision(GiveUpReason? GiveUp, TimeSpan Delay)
{
    /// <summary>True if the call is made again.</summary>
    public bool Retries => GiveUp is null;

    internal static RetryDecision After(TimeSpan delay) => new(null, delay);

    internal static RetryDecision Never(GiveUpReason reason) => new(reason, TimeSpan.Zero);
}

/// <summary>Why a call is not made again.</summary>
public enum GiveUpReason
{
    /// <summary>The failure is permanent.</summary>
    Permanent,

    /// <summary>All attempts are used.</summary>
    Attempts,

    /// <summary>The next try would begin after the policy's time budget.</summary>
    TimeBudget,

    /// <summary>The task asked to come back later more often than the policy allows.</summary>
    RateLimitWaits,

    /// <summary>The next try would begin when the time for the work is over.</summary>
    Deadline,
}
