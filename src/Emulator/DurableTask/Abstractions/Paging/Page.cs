namespace Microsoft.DurableTask;

/// <summary>Some of the values of a query.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class Page<T>
    where T : notnull
{
    /// <summary>Makes a page; without a token it is the last.</summary>
    public Page(IReadOnlyList<T> values, string? continuationToken = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = values;
        ContinuationToken = continuationToken;
    }

    /// <summary>The values; may be empty although more pages follow.</summary>
    public IReadOnlyList<T> Values { get; }

    /// <summary>Where the next page begins; null after the last.</summary>
    public string? ContinuationToken { get; }
}
