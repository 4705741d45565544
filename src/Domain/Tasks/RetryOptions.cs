namespace Chard.Domain.Tasks;

/// <summary>Numbers for retries, as a start or a canvas node gives them; units and bounds as in <see cref="TaskPolicy"/>.</summary>
/// <param name="Attempts">Tries in all, the first included.</param>
/// <param name="FirstDelaySeconds">Seconds before the first retry.</param>
/// <param name="Backoff">Factor from one delay to the next.</param>
/// <param name="MaxDelaySeconds">Longest delay in seconds.</param>
/// <param name="TimeoutSeconds">Seconds from the first try after which no retry begins.</param>
public sealed record RetryOptions(
    int? Attempts = null,
    double? FirstDelaySeconds = null,
    double? Backoff = null,
    double? MaxDelaySeconds = null,
    double? TimeoutSeconds = null)
{
    /// <summary>
    /// <paramref name="policy"/> with these numbers. A first delay above the policy's longest raises that one too, unless it is given.
    /// </summary>
    public TaskPolicy Apply(TaskPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        double first = FirstDelaySeconds ?? policy.FirstDelaySeconds;
        double longest = MaxDelaySeconds ?? policy.MaxDelaySeconds;
        return policy with
        {
            Attempts = Attempts ?? policy.Attempts,
            FirstDelaySeconds = FirstDelaySeconds is null && MaxDelaySeconds is not null ? Math.Min(first, longest) : first,
            Backoff = Backoff ?? policy.Backoff,
            MaxDelaySeconds = MaxDelaySeconds is null ? Math.Max(first, longest) : longest,
            RetryTimeoutSeconds = TimeoutSeconds ?? policy.RetryTimeoutSeconds,
        };
    }

    /// <summary>
    /// These numbers, and where one is missing that of <paramref name="outer"/>: the inner node wins, also where its first delay and
    /// the outer's longest do not go together.
    /// </summary>
    public RetryOptions Over(RetryOptions? outer)
    {
        if (outer is null)
        {
            return this;
        }

        double? first = FirstDelaySeconds ?? outer.FirstDelaySeconds;
        double? longest = MaxDelaySeconds ?? outer.MaxDelaySeconds;
        return new(
            Attempts ?? outer.Attempts,
            FirstDelaySeconds is null && first > longest ? longest : first,
            Backoff ?? outer.Backoff,
            FirstDelaySeconds is not null && first > longest ? first : longest,
            TimeoutSeconds ?? outer.TimeoutSeconds);
    }
}
