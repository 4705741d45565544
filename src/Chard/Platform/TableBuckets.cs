using System.Globalization;

namespace Chard.Platform;

/// <summary>Spreads rows over a fixed number of partitions by a hash of their id that never changes.</summary>
/// <param name="count">How many partitions; a power of two up to 16. Part of the stored format.</param>
public sealed class TableBuckets(int count)
{
    /// <summary>All partition keys, in order.</summary>
    public IReadOnlyList<string> All { get; } = [.. Enumerable.Range(0, count).Select(Name)];

    /// <summary>The partition key of an id.</summary>
    public string Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        uint hash = 2166136261;
        foreach (char c in id)
        {
            hash = (hash ^ c) * 16777619;
        }

        return Name((int)((hash ^ (hash >> 16)) % (uint)count));
    }

    private static string Name(int bucket) => "b" + bucket.ToString("x1", CultureInfo.InvariantCulture);
}
