using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;

namespace Chard.DeadLetters;

/// <summary>Counts dead letters by what failed alike.</summary>
internal static class DeadLetterGroups
{
    /// <summary>Most groups that are told; <c>total</c> counts the others too.</summary>
    public const int MostGroups = 100;

    /// <summary>Most buckets of time.</summary>
    public const int MostBuckets = 48;

    private const int ReadsAtOnce = 16;

    // What people think in: from a minute to a month.
    private static readonly int[] Steps =
        [60, 300, 900, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 86_400, 7 * 86_400, 30 * 86_400];

    /// <summary>The groups of those that meet a filter.</summary>
    public static async Task<DeadLetterGroupsDocument> OfAsync(
        IDeadLetterStore store, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        (IReadOnlyList<DeadLetterGlance> glances, bool isMore) = await store.GlanceAsync(filter, cancellationToken);
        if (glances.Count == 0)
        {
            return new([], 0, isMore, null, Steps[0]);
        }

        DateTimeOffset first = glances.Min(g => g.CreatedAt);
        DateTimeOffset last = glances.Max(g => g.CreatedAt);
        int step = Steps.FirstOrDefault(s => BucketOf(last, FloorOf(first, s), s) < MostBuckets, Steps[^1]);
        DateTimeOffset from = FloorOf(first, step);
        int buckets = Math.Min(BucketOf(last, from, step) + 1, MostBuckets);
        DeadLetterGlance[][] groups = [.. glances.GroupBy(g => (g.Task, g.Class)).Select(g => g.ToArray())
            .OrderByDescending(g => g.Length).ThenBy(g => g[0].Task, StringComparer.Ordinal).ThenBy(g => g[0].Class, StringComparer.Ordinal)
            .Take(MostGroups)];
        var documents = new DeadLetterGroupDocument?[groups.Length];
        await Parallel.ForAsync(
            0, groups.Length, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                DeadLetterGlance newest = groups[i].MaxBy(g => g.CreatedAt);

                // Gone if its workflow was deleted since; then the next call tells of another one.
                DocumentParts? parts = await store.GetAsync(newest.Id, token) is { } letter
                    ? new(letter.Origin, letter.Kind, letter.Message) : null;
                documents[i] = parts is null ? null : Document(groups[i], newest, parts, from, step, buckets);
            });
        return new([.. documents.OfType<DeadLetterGroupDocument>()], glances.Count, isMore, from, step);
    }

    private static DeadLetterGroupDocument Document(
        DeadLetterGlance[] group, DeadLetterGlance newest, DocumentParts parts, DateTimeOffset from, int step, int buckets)
    {
        int[] times = new int[buckets];
        foreach (DeadLetterGlance glance in group)
        {
            times[Math.Min(BucketOf(glance.CreatedAt, from, step), buckets - 1)]++;
        }

        return new(
            newest.Task, newest.Class, parts.Kind, parts.Origin, group.Length, group.Count(g => g.Parked), group.Min(g => g.CreatedAt),
            newest.CreatedAt, parts.Message, newest.Id, times);
    }

    private static DateTimeOffset FloorOf(DateTimeOffset time, int seconds) =>
        new(time.UtcTicks - (time.UtcTicks % (seconds * TimeSpan.TicksPerSecond)), TimeSpan.Zero);

    private static int BucketOf(DateTimeOffset time, DateTimeOffset from, int seconds) =>
        (int)Math.Min((time - from).TotalSeconds / seconds, int.MaxValue - 1);

    private sealed record DocumentParts(DeadLetterOrigin Origin, FailureKind Kind, string Message);
}

/// <summary>Dead letters by what failed alike.</summary>
/// <param name="Groups">Most letters first, up to 100 groups.</param>
/// <param name="Total">Letters that were counted.</param>
/// <param name="More">True if there are more than are counted (<see cref="IDeadLetterStore.MostGlances"/>).</param>
/// <param name="From">When the first bucket of each group's times begins, UTC; null if there is no letter.</param>
/// <param name="BucketSeconds">Length of a bucket.</param>
public sealed record DeadLetterGroupsDocument(
    IReadOnlyList<DeadLetterGroupDocument> Groups, int Total, bool More, DateTimeOffset? From, int BucketSeconds);

/// <summary>Dead letters of one task and class; times are UTC.</summary>
/// <param name="Task">The task; null for messages.</param>
/// <param name="Class">Code of the failure.</param>
/// <param name="Kind">What the failure of the newest one asked for.</param>
/// <param name="Origin">What kind of work the newest one is.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Parked">Those of them that a workflow waits for, or has waited for.</param>
/// <param name="First">When the first one came.</param>
/// <param name="Last">When the newest one came.</param>
/// <param name="Message">What went wrong with the newest one.</param>
/// <param name="Newest">Id of the newest one.</param>
/// <param name="Times">How many came in each bucket.</param>
public sealed record DeadLetterGroupDocument(
    string? Task,
    string Class,
    FailureKind Kind,
    DeadLetterOrigin Origin,
    int Count,
    int Parked,
    DateTimeOffset First,
    DateTimeOffset Last,
    string Message,
    string Newest,
    IReadOnlyList<int> Times);
