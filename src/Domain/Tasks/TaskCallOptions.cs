namespace Chard.Domain.Tasks;

/// <summary>What one call of a task wants different from the task's policy. Null parts leave what the policy says.</summary>
public sealed record TaskCallOptions
{
    /// <summary>
    /// Position in the workflow; null for the next one of the workflow's counter. Must be one of its own, <see cref="TaskPath"/>.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// The key to hand to other systems, such as <c>charge-1234-1999</c>: up to 255 characters; null for one made of workflow and path.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Other numbers for retries.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>What becomes of the workflow when the task has failed for good.</summary>
    public OnExhausted? OnExhausted { get; init; }

    /// <summary>Which workers run it.</summary>
    public TaskRoute? Route { get; init; }

    /// <summary>Seconds one try may take.</summary>
    public double? TimeLimitSeconds { get; init; }

    /// <summary>When the work has to be done whatever the try, UTC.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Labels of the call beside those of the workflow, up to 16 together; null for none.</summary>
    public IReadOnlyList<string>? Stamps { get; init; }

    /// <summary>Part of the workflow's ledger to use; null for the workflow's own.</summary>
    public string? Shard { get; init; }

    /// <summary>
    /// Key of the limit that each try takes a place under, in place of the policy's. A key that no setting defines limits nothing,
    /// and the log says so.
    /// </summary>
    public string? Limit { get; init; }

    /// <summary>Longest key, in characters: what most payment APIs take.</summary>
    public const int MaxKeyLength = 255;
}

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
