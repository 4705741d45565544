using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Chard.Platform;

/// <summary>
/// What this instance of the app has measured since it started, in memory: for <c>GET /api/metrics</c>, where no exporter is needed. Takes
/// some 5 KB for each task and route, however much is measured.
/// </summary>
public sealed class InstanceMetrics : IHostedService, IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, InstrumentSeries> _instruments = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly long _started;

    /// <summary>Begins to listen to the instruments of this app.</summary>
    public InstanceMetrics(ChardMetrics metrics, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        Since = time.GetUtcNow();
        _started = time.GetTimestamp();
        Depths = metrics.Depths;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter) && !instrument.IsObservable)
            {
                var series = new InstrumentSeries(instrument);
                _instruments[instrument.Name] = series;
                listener.EnableMeasurementEvents(instrument, series);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((InstrumentSeries)state!).Count(value, tags, Minute));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((InstrumentSeries)state!).Sample(value, tags, Minute));
        _listener.Start();
    }

    /// <summary>When it began to listen.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>What the gauges tell.</summary>
    internal MeasuredDepths Depths { get; }

    /// <summary>Time since it began to listen.</summary>
    internal TimeSpan Age => _time.GetElapsedTime(_started);

    // Counts from 1, so that a slot which was never used is none of a minute's.
    internal long Minute => 1 + (long)Age.TotalMinutes;

    /// <summary>What an instrument has measured, a series for each combination of its tags' values.</summary>
    internal InstrumentSeries Of(string instrument) => _instruments[instrument];

    /// <summary>All instruments that count or sample.</summary>
    internal IEnumerable<InstrumentSeries> All => _instruments.Values.OrderBy(i => i.Instrument.Name, StringComparer.Ordinal);

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}

/// <summary>The series of one instrument: a counter's have one cell, a histogram's a cell for each bucket.</summary>
internal sealed class InstrumentSeries(Instrument instrument)
{
    private readonly ConcurrentDictionary<SeriesTags, MinuteRing> _series = new();
    private readonly double[] _bounds = instrument is Histogram<double> ? [.. ChardMetrics.Buckets] : [];
    private readonly Func<SeriesTags, MinuteRing> _add =
        instrument is Histogram<double> ? static _ => new(ChardMetrics.Buckets.Count + 1) : static _ => new(1);

    public Instrument Instrument => instrument;

    public bool IsHistogram => _bounds.Length > 0;

    /// <summary>All series, in order of their tags' values.</summary>
    public IEnumerable<(SeriesTags Tags, MinuteRing Ring)> Series => _series.Select(s => (s.Key, s.Value))
        .OrderBy(s => s.Key.First.Value as string, StringComparer.Ordinal)
        .ThenBy(s => s.Key.Second.Value as string, StringComparer.Ordinal);

    public void Count(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long minute) =>
        RingOf(tags).Add(0, value, value, minute);

    public void Sample(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long minute)
    {
        int bucket = Array.BinarySearch(_bounds, value);
        RingOf(tags).Add(bucket < 0 ? ~bucket : bucket, 1, value, minute);
    }

    private MinuteRing RingOf(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _series.GetOrAdd(new(tags.Length > 0 ? tags[0] : default, tags.Length > 1 ? tags[1] : default), _add);
}

/// <summary>The tags of a series, of which our instruments have two at most.</summary>
internal readonly record struct SeriesTags(KeyValuePair<string, object?> First, KeyValuePair<string, object?> Second)
{
    /// <summary>Its values are texts, so they are compared as such: a pair's own way to a hash would box.</summary>
    public bool Equals(SeriesTags other) =>
        string.Equals(First.Value as string, other.First.Value as string, StringComparison.Ordinal)
        && string.Equals(Second.Value as string, other.Second.Value as string, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(First.Value as string, Second.Value as string);

    /// <summary>The tags that there are.</summary>
    public IEnumerable<(string Name, string Value)> All()
    {
        if (First.Key is not null)
        {
            yield return (First.Key, (string)First.Value!);
        }

        if (Second.Key is not null)
        {
            yield return (Second.Key, (string)Second.Value!);
        }
    }
}
