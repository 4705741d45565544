using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Platform;

/// <summary>
/// The instruments (<see cref="TelemetryNames"/>). Whoever does the work tells of it, never an orchestrator, which runs again whenever it
/// is replayed. Tags have values that the app's code gives: a name that is no task's or workflow's is <see cref="TelemetryNames.Other"/>.
/// </summary>
public sealed class ChardMetrics
{
    /// <summary>Bounds of the histograms' buckets, in seconds.</summary>
    public static IReadOnlyList<double> Buckets { get; } =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _letters;
    private readonly Counter<long> _workflows;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _payloadBytes;
    private readonly FrozenDictionary<string, TaskSeries> _tasks;
    private readonly TaskSeries _other = new(TelemetryNames.Other);
    private readonly Lazy<FrozenDictionary<string, string>> _workflowNames;
    private readonly MeasuredDepths _depths;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter, which is its.</param>
    /// <param name="tasks">The tasks there are.</param>
    /// <param name="workflows">Gives the names of the workflows there are; asked once, when the first one ends.</param>
    /// <param name="depths">What the gauges tell.</param>
    public ChardMetrics(IMeterFactory meters, TaskCatalogue tasks, Func<IEnumerable<string>> workflows, MeasuredDepths depths)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(workflows);
        ArgumentNullException.ThrowIfNull(depths);
        _depths = depths;
        _tasks = tasks.All.ToFrozenDictionary(t => t.Name, t => new TaskSeries(t.Name), StringComparer.OrdinalIgnoreCase);
        _workflowNames = new(() => workflows().ToFrozenDictionary(n => n, StringComparer.OrdinalIgnoreCase));
        Meter = meters.Create(new MeterOptions(TelemetryNames.Source) { Version = TelemetryNames.Version });
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets };
        _attempts = Meter.CreateCounter<long>(TelemetryNames.TaskAttempts, "{attempt}", "Tries of tasks that ended.");
        _latency = Meter.CreateHistogram(
            TelemetryNames.TaskLatency, "s", "Time from the call of a task to the beginning of its try.", null, buckets);
        _duration = Meter.CreateHistogram(TelemetryNames.TaskDuration, "s", "Time that a try of a task ran.", null, buckets);
        _letters = Meter.CreateCounter<long>(TelemetryNames.DeadLetters, "{letter}", "Dead letters written.");
        _workflows = Meter.CreateCounter<long>(TelemetryNames.Workflows, "{workflow}", "Workflows that ended.");
        _duplicates = Meter.CreateCounter<long>(
            TelemetryNames.LedgerDuplicates, "{delivery}", "Deliveries that the ledger answered without running the task.");
        _payloadBytes = Meter.CreateCounter<long>(TelemetryNames.PayloadBytes, "By", "Payloads written, compressed.");
        Meter.CreateObservableGauge(TelemetryNames.QueueDepth, depths.Queues, "{message}", "Messages that wait.");
        Meter.CreateObservableGauge(
            TelemetryNames.DeadLettersParked, depths.Parked, "{letter}", "Dead letters that a workflow waits for now.");
    }

    /// <summary>The meter; another app in the process has one of its own.</summary>
    public Meter Meter { get; }

    /// <summary>True if anybody wants to know of tries.</summary>
    internal bool CountsTries => _attempts.Enabled || _latency.Enabled || _duration.Enabled;

    /// <summary>A try of a task has ended.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="route">How it came here.</param>
    /// <param name="latency">Time from its call to its beginning; null if unknown.</param>
    /// <param name="duration">Time that it ran.</param>
    /// <param name="outcome">One of <see cref="TelemetryNames.OutcomeTag"/>'s values.</param>
    public void TryEnded(string task, TaskRoute route, TimeSpan? latency, TimeSpan duration, string outcome)
    {
        TaskSeries series = SeriesOf(task);
        KeyValuePair<string, object?>[] byRoute = route == TaskRoute.Slow ? series.Slow : series.Fast;
        if (latency is { } waited)
        {
            _latency.Record(Math.Max(0, waited.TotalSeconds), byRoute);
        }

        _duration.Record(duration.TotalSeconds, byRoute);
        _attempts.Add(1, series.Outcomes[outcome]);
    }

    /// <summary>The ledger has answered a delivery.</summary>
    public void Duplicate(string task) => _duplicates.Add(1, SeriesOf(task).Alone);

    /// <summary>A dead letter is written.</summary>
    /// <param name="task">The task's name; null of a message.</param>
    /// <param name="kind">What it died of.</param>
    public void DeadLetter(string? task, FailureKind kind) =>
        _letters.Add(
            1,
            new KeyValuePair<string, object?>(TelemetryNames.TaskTag, task is null ? TelemetryNames.Other : SeriesOf(task).Name),
            new(TelemetryNames.FaultTag, FaultOf(kind)));

    /// <summary>A workflow has ended.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="outcome">Its status: completed, failed, cancelled or expired.</param>
    public void WorkflowEnded(string workflow, string outcome) =>
        _workflows.Add(
            1,
            new KeyValuePair<string, object?>(
                TelemetryNames.WorkflowTag, _workflowNames.Value.GetValueOrDefault(workflow, TelemetryNames.Other)),
            new(TelemetryNames.OutcomeTag, outcome));

    /// <summary>A payload is written.</summary>
    /// <param name="bytes">Its bytes, as they were sent.</param>
    public void PayloadWritten(long bytes) => _payloadBytes.Add(bytes);

    /// <summary>What a kind of failures is called.</summary>
    public static string FaultOf(FailureKind kind) => kind switch
    {
        FailureKind.Permanent => TelemetryNames.PermanentFault,
        FailureKind.RateLimited => TelemetryNames.RateLimited,
        _ => TelemetryNames.TransientFault,
    };

    /// <summary>What the gauges tell.</summary>
    internal MeasuredDepths Depths => _depths;

    private TaskSeries SeriesOf(string task) => _tasks.GetValueOrDefault(task, _other);

    /// <summary>The tags of a task's measurements, made once: a wide map measures tens of thousands of items a second.</summary>
    private sealed class TaskSeries(string task)
    {
        public string Name { get; } = task;

        public KeyValuePair<string, object?>[] Alone { get; } = [new(TelemetryNames.TaskTag, task)];

        public KeyValuePair<string, object?>[] Fast { get; } =
            [new(TelemetryNames.TaskTag, task), new(TelemetryNames.RouteTag, TelemetryNames.FastRoute)];

        public KeyValuePair<string, object?>[] Slow { get; } =
            [new(TelemetryNames.TaskTag, task), new(TelemetryNames.RouteTag, TelemetryNames.SlowRoute)];

        public FrozenDictionary<string, KeyValuePair<string, object?>[]> Outcomes { get; } =
            TelemetryNames.TryOutcomes.ToFrozenDictionary(
                o => o,
                KeyValuePair<string, object?>[] (o) => [new(TelemetryNames.TaskTag, task), new(TelemetryNames.OutcomeTag, o)]);
    }
}
