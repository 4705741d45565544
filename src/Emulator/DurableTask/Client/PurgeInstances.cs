namespace Microsoft.DurableTask.Client;

/// <summary>Which instances to delete.</summary>
/// <param name="CreatedFrom">Started at this time or later.</param>
/// <param name="CreatedTo">Started at this time or earlier.</param>
/// <param name="Statuses">In one of these states; null for all.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>The longest time to spend, more than zero; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>How to delete an instance.</summary>
/// <param name="Recursive">Whether to delete its sub-orchestrations as well.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>What was deleted.</summary>
public class PurgeResult
{
    /// <summary>A count of deleted instances.</summary>
    public PurgeResult(int count)
        : this(count, null)
    {
    }

    /// <summary>A count of deleted instances, and whether all that met the filter are gone (null: unknown).</summary>
    public PurgeResult(int count, bool? isComplete)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    /// <summary>How many instances were deleted.</summary>
    public int PurgedInstanceCount { get; }

    /// <summary>Whether all that met the filter are gone; null when it is unknown.</summary>
    public bool? IsComplete { get; }
}
