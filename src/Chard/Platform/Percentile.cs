namespace Chard.Platform;

/// <summary>Percentiles of what was counted in buckets.</summary>
internal static class Percentile
{
    /// <summary>
    /// The value that a share of the counts lies at or below, by a straight line within its bucket: as exact as the bucket is narrow. What
    /// lies above the last bound counts as that. Null without any count.
    /// </summary>
    /// <param name="counts">Counts of the buckets, the one above the last bound included.</param>
    /// <param name="bounds">Upper bounds of the buckets, rising.</param>
    /// <param name="share">0 to 1.</param>
    public static double? Of(IReadOnlyList<long> counts, IReadOnlyList<double> bounds, double share)
    {
        long all = counts.Sum();
        if (all == 0)
        {
            return null;
        }

        double rank = share * all;
        long below = 0;
        for (int bucket = 0; bucket < bounds.Count; bucket++)
        {
            if (counts[bucket] > 0 && below + counts[bucket] >= rank)
            {
                double lower = bucket == 0 ? 0 : bounds[bucket - 1];
                return lower + ((bounds[bucket] - lower) * ((rank - below) / counts[bucket]));
            }

            below += counts[bucket];
        }

        return bounds[^1];
    }
}
