using System.ComponentModel;

namespace Microsoft.DurableTask;

/// <summary>
/// Tries a failed call again after firstRetryInterval × backoffCoefficient^k, capped at <see cref="MaxRetryInterval"/>.
/// Delays are durable timers; there is no jitter.
/// </summary>
public class RetryPolicy
{
    private static readonly TimeSpan DefaultMaxRetryInterval = TimeSpan.FromHours(1);

    private readonly Func<TaskFailureDetails, bool>? handleFailure;
    private readonly Func<Exception, bool> handle = static _ => true;

    /// <summary>Makes a policy.</summary>
    /// <param name="maxNumberOfAttempts">Tries in all, the first included; at least 1.</param>
    /// <param name="firstRetryInterval">Delay before the second try; more than zero.</param>
    /// <param name="backoffCoefficient">Factor from one delay to the next; at least 1.</param>
    /// <param name="maxRetryInterval">Longest delay; default one hour, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="retryTimeout">No retry starts later than this after the first try; default infinite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range, or a maximum is below <paramref name="firstRetryInterval"/>.</exception>
    public RetryPolicy(int maxNumberOfAttempts, TimeSpan firstRetryInterval, double backoffCoefficient = 1, TimeSpan? maxRetryInterval = null, TimeSpan? retryTimeout = null)
    {
        if (maxNumberOfAttempts <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(maxNumberOfAttempts), maxNumberOfAttempts, "The number of attempts counts the first one: give 1 or more.");
        }

        if (firstRetryInterval <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(firstRetryInterval), firstRetryInterval, "The first retry interval must be more than zero.");
        }

        if (double.IsNaN(backoffCoefficient) || double.IsInfinity(backoffCoefficient) || backoffCoefficient < 1.0)
        {
            throw new ArgumentOutOfRangeException(nameof(backoffCoefficient), backoffCoefficient, "The backoff coefficient must be a number of 1.0 or more.");
        }

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = AtLeastFirst(maxRetryInterval ?? DefaultMaxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        RetryTimeout = AtLeastFirst(retryTimeout ?? Timeout.InfiniteTimeSpan, firstRetryInterval, nameof(retryTimeout));
    }

    /// <summary>Tries in all, the first included.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>Delay before the second try.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>Factor from one delay to the next.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>Longest delay, or <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>No retry starts later than this after the first try; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>Never called.</summary>
    [Obsolete("This functionality is not implemented. Will be removed in the future. Use TaskOptions.FromRetryHandler or HandleFailure instead.")]
    public Func<Exception, Task<bool>>? HandleAsync { get; set; }

    /// <summary>
    /// Says whether a failure is worth another try. Asked after each failure but the last; an exception in it means no.
    /// Runs in the orchestrator, so it must be deterministic.
    /// </summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            handleFailure = value;
            handle = exception => value(exception is TaskFailedException { FailureDetails: { } details } ? details : TaskFailureDetails.FromException(exception));
        }
    }

    /// <summary><see cref="HandleFailure"/> for an exception; true for every one when none was given.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Func<Exception, bool> Handle => handle;

    /// <summary>What was given as <see cref="HandleFailure"/>; null when nothing was.</summary>
    internal Func<TaskFailureDetails, bool>? FailureFilter => handleFailure;

    private static TimeSpan AtLeastFirst(TimeSpan value, TimeSpan first, string name) =>
        value >= first || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"The value must be at least the first retry interval ({first}), or Timeout.InfiniteTimeSpan.");
}
