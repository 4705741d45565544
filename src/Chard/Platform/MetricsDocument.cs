using System.Text.Json.Serialization;

namespace Chard.Platform;

/// <summary>What <c>GET /api/metrics</c> tells as JSON: of one instance of the app, since it started.</summary>
/// <param name="Instance">Name of the instance that answers; another one has numbers of its own.</param>
/// <param name="Since">When it began to count.</param>
/// <param name="WindowSeconds">What rates and percentiles are of: the last minutes.</param>
/// <param name="Tasks">The tasks that had a try here, in order of their names.</param>
/// <param name="Workflows">The workflows whose end was written here, in order of their names.</param>
/// <param name="DeadLetters">Dead letters written here, by what they died of.</param>
/// <param name="Parked">Dead letters that a workflow waits for now, over all instances; null where another instance measures it.</param>
/// <param name="Queues">Messages that wait now, by route, over all instances; empty where another instance measures it.</param>
/// <param name="PayloadBytes">Bytes of payloads written here, compressed.</param>
/// <param name="History">The last minutes one by one, oldest first; left out unless it is asked for.</param>
public sealed record MetricsDocument(
    string Instance,
    DateTimeOffset Since,
    double WindowSeconds,
    IReadOnlyList<TaskMetricsDocument> Tasks,
    IReadOnlyList<WorkflowMetricsDocument> Workflows,
    IReadOnlyDictionary<string, long> DeadLetters,
    long? Parked,
    IReadOnlyDictionary<string, long> Queues,
    long PayloadBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MinuteDocument>? History = null)
{
    /// <summary>Minutes that rates and percentiles are of.</summary>
    private const int Window = 5;

    /// <summary>A baseline of fewer tries tells nothing.</summary>
    private const int LeastBaseline = 20;

    /// <summary>Makes the document.</summary>
    public static MetricsDocument Of(InstanceMetrics metrics, string instance)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Dictionary<string, long> queues = metrics.Depths.Queues()
            .ToDictionary(q => (string)q.Tags[0].Value!, q => q.Value, StringComparer.Ordinal);
        return new(
            instance,
            metrics.Since,
            Math.Round(SecondsOfWindow(metrics), 1),
            TasksOf(metrics),
            [.. metrics.Of(TelemetryNames.Workflows).Series.GroupBy(s => Value(s.Tags, TelemetryNames.WorkflowTag), Totals)
                .Select(g => new WorkflowMetricsDocument(g.Key, Sums(g, TelemetryNames.OutcomeTag)))],
            Sums(metrics.Of(TelemetryNames.DeadLetters).Series.Select(Totals), TelemetryNames.FaultTag),
            metrics.Depths.Parked().Select(p => (long?)p.Value).SingleOrDefault(),
            queues,
            metrics.Of(TelemetryNames.PayloadBytes).Series.Sum(s => Totals(s).Count));
    }

    private static double SecondsOfWindow(InstanceMetrics metrics) =>
        Math.Max(1, Math.Min(metrics.Age.TotalSeconds, ((Window - 1) * 60) + (metrics.Age.TotalSeconds % 60)));

    private static IReadOnlyList<TaskMetricsDocument> TasksOf(InstanceMetrics metrics)
    {
        ILookup<string, (SeriesTags Tags, long Count)> attempts = metrics.Of(TelemetryNames.TaskAttempts).Series.Select(Totals)
            .ToLookup(s => Value(s.Tags, TelemetryNames.TaskTag), StringComparer.Ordinal);
        ILookup<string, (SeriesTags Tags, long Count)> letters = metrics.Of(TelemetryNames.DeadLetters).Series.Select(Totals)
            .ToLookup(s => Value(s.Tags, TelemetryNames.TaskTag), StringComparer.Ordinal);
        ILookup<string, (SeriesTags Tags, long Count)> duplicates = metrics.Of(TelemetryNames.LedgerDuplicates).Series.Select(Totals)
            .ToLookup(s => Value(s.Tags, TelemetryNames.TaskTag), StringComparer.Ordinal);
        Dictionary<SeriesTags, MinuteRing> latencies = metrics.Of(TelemetryNames.TaskLatency).Series.ToDictionary(s => s.Tags, s => s.Ring);
        ILookup<string, RouteMetricsDocument> routes = metrics.Of(TelemetryNames.TaskDuration).Series.ToLookup(
            s => Value(s.Tags, TelemetryNames.TaskTag),
            s => new RouteMetricsDocument(
                Value(s.Tags, TelemetryNames.RouteTag),
                Math.Round(Recent(metrics, s.Ring).Sum() / SecondsOfWindow(metrics), 3),
                latencies.TryGetValue(s.Tags, out MinuteRing? latency) ? Times(metrics, latency) : TimesDocument.None,
                Times(metrics, s.Ring)),
            StringComparer.Ordinal);
        return [.. attempts.Select(a => a.Key).Union(letters.Select(l => l.Key)).Union(duplicates.Select(d => d.Key))
            .Order(StringComparer.Ordinal)
            .Select(task => new TaskMetricsDocument(
                task,
                Sums(attempts[task], TelemetryNames.OutcomeTag),
                letters[task].Sum(l => l.Count),
                duplicates[task].Sum(d => d.Count),
                [.. routes[task]]))];
    }

    private static TimesDocument Times(InstanceMetrics metrics, MinuteRing ring)
    {
        long[] recent = Recent(metrics, ring);
        long[] before = ring.Between(Math.Max(1, metrics.Minute - MinuteRing.Minutes + 1), metrics.Minute - Window);
        double? p95 = Percentile.Of(recent, ChardMetrics.Buckets, 0.95);
        double? baseline = before.Sum() >= LeastBaseline ? Percentile.Of(before, ChardMetrics.Buckets, 0.95) : null;
        return new(
            Rounded(Percentile.Of(recent, ChardMetrics.Buckets, 0.5)),
            Rounded(p95),
            Rounded(baseline),
            p95 is { } now && baseline is { } usual ? Math.Round(now / usual, 2) : null);
    }

    private static long[] Recent(InstanceMetrics metrics, MinuteRing ring) =>
        ring.Between(Math.Max(1, metrics.Minute - Window + 1), metrics.Minute);

    private static double? Rounded(double? seconds) => seconds is { } exact ? Math.Round(exact, 4) : null;

    private static (SeriesTags Tags, long Count) Totals((SeriesTags Tags, MinuteRing Ring) series) =>
        (series.Tags, series.Ring.All().Counts[0]);

    private static Dictionary<string, long> Sums(IEnumerable<(SeriesTags Tags, long Count)> series, string tag) =>
        series.GroupBy(s => Value(s.Tags, tag), s => s.Count).ToDictionary(g => g.Key, g => g.Sum(), StringComparer.Ordinal);

    private static string Value(SeriesTags tags, string name) => tags.All().First(t => t.Name == name).Value;
}

/// <summary>A task's tries on this instance.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Attempts">Tries that ended, by outcome.</param>
/// <param name="DeadLetters">Dead letters of it.</param>
/// <param name="Duplicates">Deliveries that the ledger answered.</param>
/// <param name="Routes">By route.</param>
public sealed record TaskMetricsDocument(
    string Task, IReadOnlyDictionary<string, long> Attempts, long DeadLetters, long Duplicates, IReadOnlyList<RouteMetricsDocument> Routes);

/// <summary>A task's tries by one route.</summary>
/// <param name="Route">fast or slow.</param>
/// <param name="PerSecond">Tries that ended a second in the window.</param>
/// <param name="Latency">From the call to the beginning of the try, in seconds.</param>
/// <param name="Duration">Of the try, in seconds.</param>
public sealed record RouteMetricsDocument(string Route, double PerSecond, TimesDocument Latency, TimesDocument Duration);

/// <summary>Times in seconds; null where there were none.</summary>
/// <param name="P50">Half of those in the window were as short.</param>
/// <param name="P95">95 of 100 in the window were as short.</param>
/// <param name="BaselineP95">The same of the hour before the window; null if that had fewer than 20.</param>
/// <param name="Ratio">P95 by its baseline.</param>
public sealed record TimesDocument(double? P50, double? P95, double? BaselineP95, double? Ratio)
{
    internal static TimesDocument None { get; } = new(null, null, null, null);
}

/// <summary>Workflows that ended.</summary>
/// <param name="Workflow">Their name.</param>
/// <param name="Ended">How many, by outcome.</param>
public sealed record WorkflowMetricsDocument(string Workflow, IReadOnlyDictionary<string, long> Ended);
