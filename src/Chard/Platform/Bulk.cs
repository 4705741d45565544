namespace Chard.Platform;

/// <summary>What the calls that act on many things have in common: bounds, and what they refused.</summary>
public static class Bulk
{
    /// <summary>Most things acted on by one call.</summary>
    public const int MaxPerCall = 1000;

    /// <summary>As many if the caller does not say.</summary>
    public const int DefaultPerCall = 100;

    private const int AtOnce = 8;

    /// <summary>
    /// Acts on each, some at once. A fault of storage ends it; what was done stands, and the same call may be sent again.
    /// </summary>
    /// <param name="ids">On what.</param>
    /// <param name="act">Gives the reason if it is refused; null if it is done.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Those refused, in order.</returns>
    public static async Task<IReadOnlyList<BulkRefusal>> ActAsync(
        IReadOnlyList<string> ids, Func<string, CancellationToken, Task<string?>> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(act);
        var refusals = new BulkRefusal?[ids.Count];
        await Parallel.ForAsync(
            0, refusals.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => refusals[i] = await act(ids[i], token) is { } reason ? new(ids[i], reason) : null);
        return [.. refusals.OfType<BulkRefusal>()];
    }
}

/// <summary>What a bulk call left as it was.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reason">Why.</param>
public sealed record BulkRefusal(string Id, string Reason);
