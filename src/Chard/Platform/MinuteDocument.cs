namespace Chard.Platform;

/// <summary>What an instance of the app has measured in one minute.</summary>
/// <param name="At">When the minute began, UTC.</param>
/// <param name="Tasks">Tries that ended.</param>
/// <param name="Failed">Those of them that failed for good.</param>
/// <param name="Retried">Those of them that failed and were tried again.</param>
/// <param name="DeadLetters">Dead letters written.</param>
/// <param name="Workflows">Workflows whose end was written.</param>
/// <param name="P50">Half of the tries took as few seconds; null if there were none.</param>
/// <param name="P95">95 of 100 took as few; null if there were none.</param>
public sealed record MinuteDocument(
    DateTimeOffset At, long Tasks, long Failed, long Retried, long DeadLetters, long Workflows, double? P50, double? P95)
{
    /// <summary>The last minutes, oldest first, up to <paramref name="minutes"/>; those before the instance began are left out.</summary>
    public static IReadOnlyList<MinuteDocument> Last(InstanceMetrics metrics, int minutes)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        long last = metrics.Minute;
        long first = Math.Max(1, last - minutes + 1);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Of(metrics, first + i))];
    }

    private static MinuteDocument Of(InstanceMetrics metrics, long minute)
    {
        long[] durations = new long[ChardMetrics.Buckets.Count + 1];
        foreach ((_, MinuteRing ring) in metrics.Of(TelemetryNames.TaskDuration).Series)
        {
            long[] counts = ring.Between(minute, minute);
            for (int bucket = 0; bucket < counts.Length; bucket++)
            {
                durations[bucket] += counts[bucket];
            }
        }

        return new(
            metrics.Since.AddMinutes(minute - 1),
            Sum(TelemetryNames.TaskAttempts, null),
            Sum(TelemetryNames.TaskAttempts, TelemetryNames.Failed),
            Sum(TelemetryNames.TaskAttempts, TelemetryNames.Retried),
            Sum(TelemetryNames.DeadLetters, null),
            Sum(TelemetryNames.Workflows, null),
            Seconds(0.5),
            Seconds(0.95));

        long Sum(string instrument, string? outcome) => metrics.Of(instrument).Series
            .Where(s => outcome is null || s.Tags.All().Any(t => t.Name == TelemetryNames.OutcomeTag && t.Value == outcome))
            .Sum(s => s.Ring.Between(minute, minute)[0]);

        double? Seconds(double share) =>
            Percentile.Of(durations, ChardMetrics.Buckets, share) is { } exact ? Math.Round(exact, 4) : null;
    }
}
