using System.Diagnostics.Metrics;

namespace Chard.Platform;

/// <summary>
/// What the gauges tell: how much waits, as it was measured last. One of the app's instances measures; when another one takes over, what
/// is known here gets old and is told no longer.
/// </summary>
public sealed class MeasuredDepths(TimeProvider time)
{
    /// <summary>How long a measurement is told: 3 minutes, three measurements.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromMinutes(3);

    private Depths? _last;

    /// <summary>Takes note of a measurement.</summary>
    /// <param name="queues">Messages that wait, by route.</param>
    /// <param name="parked">Dead letters that a workflow waits for.</param>
    public void Set(IReadOnlyDictionary<string, long> queues, long parked)
    {
        ArgumentNullException.ThrowIfNull(queues);
        Volatile.Write(ref _last, new([.. queues.Select(q => new Measurement<long>(
            q.Value, new KeyValuePair<string, object?>(TelemetryNames.RouteTag, q.Key)))], new(parked), time.GetTimestamp()));
    }

    internal IEnumerable<Measurement<long>> Queues() => Known?.Queues ?? [];

    internal IEnumerable<Measurement<long>> Parked() => Known is { } known ? [known.Parked] : [];

    private Depths? Known =>
        Volatile.Read(ref _last) is { } last && time.GetElapsedTime(last.At) <= Validity ? last : null;

    private sealed record Depths(IReadOnlyList<Measurement<long>> Queues, Measurement<long> Parked, long At);
}
