using System.Collections.Concurrent;
using System.Diagnostics;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Support;
using Chard.Functions.Tests.Tasks;
using Chard.Platform;
using Chard.Running;
using Chard.Tests.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Telemetry;

/// <summary>What a try of a task tells of itself, without an engine.</summary>
public sealed class TaskTelemetryTests
{
    private const string Secret = "4111-1111";

    private readonly InMemoryLedgerStore _rows = new();
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly Receiver _receiver = new();
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly ChardMetrics _metrics = TestMetrics.New();
    private readonly FakeLogger<TaskRunner> _log = new();
    private readonly string _workflow = "wf-" + Guid.NewGuid().ToString("N");

    public static TheoryData<string, int, string> Outcomes => new()
    {
        { "none", 1, "succeeded" },
        { "transient", 1, "retried" },
        { "transient", 3, "failed" },
        { "permanent", 1, "failed" },
        { "limit", 1, "rate_limited" },
        { "any", 1, "retried" },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task Try_ThatEnds_IsCountedByItsOutcome(string fault, int attempt, string outcome)
    {
        using MetricCollector<long> attempts = Collect<long>(TelemetryNames.TaskAttempts);
        Throws(fault);

        await RunAsync(Call() with { Attempt = attempt, LastAttempt = 3 });

        CollectedMeasurement<long> counted = Assert.Single(attempts.GetMeasurementSnapshot());
        Assert.Equal(1, counted.Value);
        Assert.Equal([("chard.outcome", outcome), ("chard.task", "Charge")], TagsOf(counted.Tags));
    }

    [Theory]
    [InlineData(TaskRoute.Fast, "fast")]
    [InlineData(TaskRoute.Slow, "slow")]
    public async Task Try_Times_AreFromTheCallToItsBeginningAndFromThereToItsEnd(TaskRoute route, string name)
    {
        using MetricCollector<double> latency = Collect<double>(TelemetryNames.TaskLatency);
        using MetricCollector<double> duration = Collect<double>(TelemetryNames.TaskDuration);
        _receiver.Script = (_, _) =>
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            return Task.CompletedTask;
        };

        await RunAsync(Call() with { ScheduledAt = _time.GetUtcNow() - TimeSpan.FromSeconds(7) }, new(route));

        Assert.Equal(7, Assert.Single(latency.GetMeasurementSnapshot()).Value);
        CollectedMeasurement<double> ran = Assert.Single(duration.GetMeasurementSnapshot());
        Assert.Equal(3, ran.Value);
        Assert.Equal([("chard.route", name), ("chard.task", "Charge")], TagsOf(ran.Tags));
    }

    [Fact]
    public async Task Delivery_OfACallThatHasEnded_IsADuplicateAndNoTry()
    {
        using MetricCollector<long> duplicates = Collect<long>(TelemetryNames.LedgerDuplicates);
        using MetricCollector<long> attempts = Collect<long>(TelemetryNames.TaskAttempts);

        await RunAsync(Call());
        await RunAsync(Call());

        Assert.Single(attempts.GetMeasurementSnapshot());
        Assert.Equal([("chard.task", "Charge")], TagsOf(Assert.Single(duplicates.GetMeasurementSnapshot()).Tags));
    }

    [Fact]
    public async Task Try_OfATaskWithoutLedger_IsCountedToo()
    {
        using MetricCollector<long> attempts = Collect<long>(TelemetryNames.TaskAttempts);

        await RunAsync(Call() with { WithoutLedger = true });

        Assert.Single(attempts.GetMeasurementSnapshot());
    }

    [Fact]
    public void Names_ThatTheCatalogueDoesNotHave_AreOther()
    {
        using MetricCollector<long> attempts = Collect<long>(TelemetryNames.TaskAttempts);
        using MetricCollector<long> workflows = Collect<long>(TelemetryNames.Workflows);
        using MetricCollector<long> letters = Collect<long>(TelemetryNames.DeadLetters);

        for (int i = 0; i < 100; i++)
        {
            _metrics.TryEnded($"Task{i}", TaskRoute.Fast, null, TimeSpan.Zero, TelemetryNames.Succeeded);
            _metrics.WorkflowEnded($"Workflow{i}", TelemetryNames.Completed);
            _metrics.DeadLetter(i % 2 == 0 ? null : $"Task{i}", FailureKind.Permanent);
        }

        _metrics.WorkflowEnded("w", TelemetryNames.Completed);
        Assert.All(attempts.GetMeasurementSnapshot(), m => Assert.Equal("other", m.Tags[TelemetryNames.TaskTag]));
        Assert.All(letters.GetMeasurementSnapshot(), m => Assert.Equal("other", m.Tags[TelemetryNames.TaskTag]));
        Assert.Equal(["other", "W"], workflows.GetMeasurementSnapshot().Select(m => m.Tags[TelemetryNames.WorkflowTag]).Distinct());
    }

    [Fact]
    public async Task Span_OfATry_IsNamedAfterTheTaskAndCurrentWhileItRuns()
    {
        using var spans = new Spans(_workflow);
        string? current = null;
        _receiver.Script = (_, _) =>
        {
            current = Activity.Current?.DisplayName;
            return Task.CompletedTask;
        };

        await RunAsync(Call() with { Attempt = 2, ScheduledAt = _time.GetUtcNow() - TimeSpan.FromSeconds(1.5) });

        Activity span = Assert.Single(spans.All);
        Assert.Equal(("Charge", "Charge", ActivityStatusCode.Unset), (span.DisplayName, current, span.Status));
        Assert.Equal(
            [
                ("chard.attempt", "2"), ("chard.latency", "1.5"), ("chard.outcome", "succeeded"), ("chard.path", "0"),
                ("chard.route", "fast"), ("chard.task", "Charge"), ("chard.workflow.id", _workflow),
            ],
            TagsOf(span));
    }

    [Theory]
    [InlineData("transient", ActivityStatusCode.Error)]
    [InlineData("permanent", ActivityStatusCode.Error)]
    [InlineData("limit", ActivityStatusCode.Unset)]
    public async Task Failure_IsToldByItsCodeAlone_InSpanAndLog(string fault, ActivityStatusCode status)
    {
        using var spans = new Spans(_workflow);
        Throws(fault);

        await RunAsync(Call());

        Activity span = Assert.Single(spans.All);
        Assert.Equal((status, "E42"), (span.Status, span.GetTagItem("error.type")));
        Assert.DoesNotContain(Secret, span.StatusDescription + string.Concat(TagsOf(span)), StringComparison.Ordinal);
        FakeLogRecord line = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal((200, LogLevel.Warning), (line.Id.Id, line.Level));
        Assert.Contains("E42", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line.Message, StringComparison.Ordinal);
        Assert.Null(line.Exception);
    }

    [Fact]
    public async Task Span_OfASlowTask_BelongsToWhoSentItAndIsLinkedToItsDelivery()
    {
        using var spans = new Spans(_workflow);
        using Activity delivery = new Activity("delivery").SetIdFormat(ActivityIdFormat.W3C).Start();
        var sender = new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);

        await RunAsync(Call(), new(TaskRoute.Slow, sender));

        Activity span = Assert.Single(spans.All);
        Assert.Equal((sender.TraceId, sender.SpanId), (span.TraceId, span.ParentSpanId));
        Assert.Equal(delivery.Context, Assert.Single(span.Links).Context);
    }

    private static (string, string)[] TagsOf(IEnumerable<KeyValuePair<string, object?>> tags) =>
        [.. tags.Select(t => (t.Key, $"{t.Value}")).OrderBy(t => t.Key, StringComparer.Ordinal)];

    private static (string, string)[] TagsOf(Activity span) => TagsOf(span.TagObjects);

    private MetricCollector<T> Collect<T>(string instrument)
        where T : struct => new(_metrics.Meter.Scope, TelemetryNames.Source, instrument, _time);

    private TaskCall Call() => new()
    {
        WorkflowId = _workflow, Path = "0", Task = "Charge", Args = TaskValue.Of(TaskJson.ToElement(Secret)), LastAttempt = 3,
    };

    private void Throws(string fault) => _receiver.Script = (_, _) => fault switch
    {
        "transient" => throw new TransientTaskException("E42", "E42: no charge for " + Secret),
        "permanent" => throw new PermanentTaskException("E42", "E42: no charge for " + Secret),
        "limit" => throw new RateLimitedTaskException("E42", "E42: later for " + Secret, TimeSpan.FromSeconds(1)),
        "any" => throw new IOException("no network for " + Secret),
        _ => Task.CompletedTask,
    };

    private async Task RunAsync(TaskCall call, TaskOrigin origin = default)
    {
        var settings = new LedgerSettings { DuplicateWait = TimeSpan.Zero };
        var runner = new TaskRunner(
            TestMetrics.Tasks, new TaskLedger(_rows, settings, _time), settings, new TaskValueStore(_payloads), _payloads,
            FailureClassifier.Plain,
            new RunningWorkflows(new InMemoryWorkflowStatusStore(_time), _time, new FakeLogger<RunningWorkflows>()),
            new ServiceCollection().AddSingleton(_receiver).BuildServiceProvider(), _metrics, _time, _log);
        try
        {
            await runner.RunAsync(call, origin, CancellationToken.None);
        }
        catch (TaskFailureException)
        {
            // An activity hands it to its orchestrator.
        }
    }

    /// <summary>The spans of a workflow that have ended.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;

        public Spans(string workflow)
        {
            _listener = new()
            {
                ShouldListenTo = source => source.Name == TelemetryNames.Source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = span =>
                {
                    // Other tests' tasks run in this process too.
                    if (workflow.Equals(span.GetTagItem(TelemetryNames.WorkflowIdTag)))
                    {
                        All.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> All { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
