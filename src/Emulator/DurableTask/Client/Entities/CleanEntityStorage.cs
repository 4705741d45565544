namespace Microsoft.DurableTask.Client.Entities;

/// <summary>What to clean up among the entities.</summary>
public readonly record struct CleanEntityStorageRequest
{
    /// <summary>Everything.</summary>
    public static CleanEntityStorageRequest Default { get; } = new() { RemoveEmptyEntities = true, ReleaseOrphanedLocks = true };

    /// <summary>Whether to drop entities that hold nothing.</summary>
    public bool RemoveEmptyEntities { get; init; }

    /// <summary>Whether to release locks whose holder is gone.</summary>
    public bool ReleaseOrphanedLocks { get; init; }

    /// <summary>Where to go on; null at the beginning.</summary>
    public string? ContinuationToken { get; init; }
}

/// <summary>What was cleaned up among the entities.</summary>
public readonly record struct CleanEntityStorageResult
{
    /// <summary>Where to go on; null when all is done.</summary>
    public string? ContinuationToken { get; init; }

    /// <summary>How many entities were dropped.</summary>
    public int EmptyEntitiesRemoved { get; init; }

    /// <summary>How many locks were released.</summary>
    public int OrphanedLocksReleased { get; init; }
}
