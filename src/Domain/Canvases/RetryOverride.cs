using Chard.Domain.Tasks;

namespace Chard.Domain.Canvases;

/// <summary>A node's <c>retry</c>: what it gives replaces the task's own value, the rest stays.</summary>
/// <param name="Attempts">As <see cref="TaskPolicy.Attempts"/>.</param>
/// <param name="FirstDelaySeconds">As <see cref="TaskPolicy.FirstDelaySeconds"/>.</param>
/// <param name="Backoff">As <see cref="TaskPolicy.Backoff"/>.</param>
/// <param name="MaxDelaySeconds">As <see cref="TaskPolicy.MaxDelaySeconds"/>.</param>
/// <param name="TimeoutSeconds">As <see cref="TaskPolicy.RetryTimeoutSeconds"/>.</param>
public sealed record RetryOverride(
    int? Attempts = null,
    double? FirstDelaySeconds = null,
    double? Backoff = null,
    double? MaxDelaySeconds = null,
    double? TimeoutSeconds = null)
{
    /// <summary><paramref name="policy"/> with these values in it.</summary>
    public TaskPolicy ApplyTo(TaskPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy with
        {
            Attempts = Attempts ?? policy.Attempts,
            FirstDelaySeconds = FirstDelaySeconds ?? policy.FirstDelaySeconds,
            Backoff = Backoff ?? policy.Backoff,
            MaxDelaySeconds = MaxDelaySeconds ?? policy.MaxDelaySeconds,
            RetryTimeoutSeconds = TimeoutSeconds ?? policy.RetryTimeoutSeconds,
        };
    }

    /// <summary>These values, and where one is missing that of <paramref name="outer"/>: the inner node wins.</summary>
    public RetryOverride Over(RetryOverride? outer) => outer is null ? this : new(
        Attempts ?? outer.Attempts,
        FirstDelaySeconds ?? outer.FirstDelaySeconds,
        Backoff ?? outer.Backoff,
        MaxDelaySeconds ?? outer.MaxDelaySeconds,
        TimeoutSeconds ?? outer.TimeoutSeconds);
}
