using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Support;
using Chard.Platform;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Telemetry;

/// <summary>What an instance remembers of its own measurements.</summary>
public sealed class InstanceMetricsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly MeasuredDepths _depths;
    private readonly ChardMetrics _metrics;
    private readonly InstanceMetrics _instance;

    public InstanceMetricsTests()
    {
        _depths = new(_time);
        _metrics = TestMetrics.New(_depths);
        _instance = new(_metrics, _time);
    }

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Document_OfNothing_IsEmpty()
    {
        MetricsDocument document = MetricsDocument.Of(_instance, "i");

        Assert.Equal(("i", TestTime.Begin), (document.Instance, document.Since));
        Assert.Empty(document.Tasks);
        Assert.Empty(document.Workflows);
        Assert.Empty(document.Queues);
        Assert.Null(document.Parked);
    }

    [Fact]
    public void Rates_AreOfTheLastMinutes_AndWhatIsOlderIsTheBaseline()
    {
        // An hour of one second each, then five minutes in which all takes ten times as long.
        for (int minute = 0; minute < 60; minute++)
        {
            Tries(60, 0.9);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        for (int minute = 0; minute < 5; minute++)
        {
            Tries(120, 9);
            _time.Advance(TimeSpan.FromSeconds(minute < 4 ? 60 : 59));
        }

        RouteMetricsDocument route = Assert.Single(Assert.Single(MetricsDocument.Of(_instance, "i").Tasks).Routes);

        Assert.Equal("fast", route.Route);
        Assert.InRange(route.PerSecond, 1.9, 2.1);
        Assert.InRange(route.Duration.P50!.Value, 5, 10); // the bucket that 9 s fall into
        Assert.InRange(route.Duration.P95!.Value, 5, 10);
        Assert.InRange(route.Duration.BaselineP95!.Value, 0.5, 1);
        Assert.InRange(route.Duration.Ratio!.Value, 5, 20);
    }

    [Fact]
    public void Rates_AnHourLater_AreNothingAndTotalsStay()
    {
        Tries(50, 1);
        _time.Advance(TimeSpan.FromHours(3));

        TaskMetricsDocument task = Assert.Single(MetricsDocument.Of(_instance, "i").Tasks);

        Assert.Equal(50, task.Attempts["succeeded"]);
        RouteMetricsDocument route = Assert.Single(task.Routes);
        Assert.Equal((0, null, null), (route.PerSecond, route.Duration.P95, route.Duration.BaselineP95));
    }

    [Fact]
    public void Document_HasEveryCount()
    {
        Tries(1, 1);
        _metrics.TryEnded("Charge", TaskRoute.Slow, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TelemetryNames.Retried);
        _metrics.DeadLetter("Charge", FailureKind.Transient);
        _metrics.DeadLetter(null, FailureKind.Permanent);
        _metrics.Duplicate("Echo");
        _metrics.WorkflowEnded("W", TelemetryNames.Expired);
        _metrics.PayloadWritten(100);
        _metrics.PayloadWritten(23);
        _depths.Set(new Dictionary<string, long> { ["slow"] = 5 }, 2);

        MetricsDocument document = MetricsDocument.Of(_instance, "i");

        TaskMetricsDocument charge = document.Tasks.Single(t => t.Task == "Charge");
        Assert.Equal((1, 1, 1), (charge.Attempts["succeeded"], charge.Attempts["retried"], charge.DeadLetters));
        Assert.Equal(["fast", "slow"], charge.Routes.Select(r => r.Route));
        Assert.Equal(1, document.Tasks.Single(t => t.Task == "Echo").Duplicates);
        Assert.Equal(1, Assert.Single(document.Workflows).Ended["expired"]);
        Assert.Equal([("permanent", 1), ("transient", 1)], document.DeadLetters.Select(d => (d.Key, d.Value)).Order());
        Assert.Equal((123, 2, 5), (document.PayloadBytes, document.Parked, document.Queues["slow"]));
    }

    [Fact]
    public void Depths_ThatNobodyMeasuresAnyMore_AreToldNoLonger()
    {
        _depths.Set(new Dictionary<string, long> { ["slow"] = 5 }, 2);
        _time.Advance(MeasuredDepths.Validity + TimeSpan.FromSeconds(1));

        MetricsDocument document = MetricsDocument.Of(_instance, "i");

        Assert.Empty(document.Queues);
        Assert.Null(document.Parked);
    }

    [Fact]
    public void Text_IsPrometheusFormat()
    {
        Tries(1, 0.3);
        Tries(2, 5000);
        _metrics.PayloadWritten(7);
        _depths.Set(new Dictionary<string, long> { ["slow"] = 5 }, 2);

        string[] lines = PrometheusText.Of(_instance).Split('\n');

        Assert.All(
            [
                "# HELP chard_task_duration_seconds Time that a try of a task ran.",
                "# TYPE chard_task_duration_seconds histogram",
                """chard_task_duration_seconds_bucket{chard_task="Charge",chard_route="fast",le="0.25"} 0""",
                """chard_task_duration_seconds_bucket{chard_task="Charge",chard_route="fast",le="0.5"} 1""",
                """chard_task_duration_seconds_bucket{chard_task="Charge",chard_route="fast",le="3600"} 1""",
                """chard_task_duration_seconds_bucket{chard_task="Charge",chard_route="fast",le="+Inf"} 3""",
                """chard_task_duration_seconds_sum{chard_task="Charge",chard_route="fast"} 10000.3""",
                """chard_task_duration_seconds_count{chard_task="Charge",chard_route="fast"} 3""",
                "# TYPE chard_task_attempts_total counter",
                """chard_task_attempts_total{chard_task="Charge",chard_outcome="succeeded"} 3""",
                "chard_payload_bytes_total 7",
                "# TYPE chard_queue_depth gauge",
                """chard_queue_depth{chard_route="slow"} 5""",
                "chard_dead_letters_parked 2",
            ],
            line => Assert.Contains(line, lines));
        Assert.Equal("", lines[^1]);
    }

    private void Tries(int count, double seconds)
    {
        for (int i = 0; i < count; i++)
        {
            _metrics.TryEnded("Charge", TaskRoute.Fast, TimeSpan.Zero, TimeSpan.FromSeconds(seconds), TelemetryNames.Succeeded);
        }
    }
}
