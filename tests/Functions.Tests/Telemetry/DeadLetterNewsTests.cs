using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Support;
using Chard.Platform;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Chard.Functions.Tests.Telemetry;

/// <summary>What a dead letter tells of itself when it is written.</summary>
public sealed class DeadLetterNewsTests
{
    private const string Secret = "4111-1111";

    private readonly ChardMetrics _metrics = TestMetrics.New();
    private readonly FakeLogger<DeadLetterNews> _log = new();

    [Theory]
    [InlineData(false, 220)]
    [InlineData(true, 221)]
    public async Task Written_Twice_IsToldOnceAndWithoutValues(bool parked, int eventId)
    {
        using var letters = new MetricCollector<long>(_metrics.Meter.Scope, TelemetryNames.Source, TelemetryNames.DeadLetters);
        var write = new WriteDeadLetter(
            new InMemoryDeadLetterStore(TimeProvider.System), new InMemoryWorkflowStatusStore(TimeProvider.System), new(_metrics, _log));
        var letter = new DeadLetter
        {
            Id = "wf.0.0", WorkflowId = "wf", Task = "Charge", Path = "0", Class = "E42", Kind = FailureKind.Permanent, Attempts = 3,
            Message = "no charge for " + Secret,
            Args = JsonSerializer.SerializeToElement(Secret), Parked = parked, CreatedAt = TestTime.Begin,
        };

        await write.RunAsync(letter, CancellationToken.None);
        await write.RunAsync(letter, CancellationToken.None);

        FakeLogRecord line = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal((eventId, LogLevel.Warning), (line.Id.Id, line.Level));
        Assert.All(
            ["wf.0.0", "Charge", "wf", "E42", "Permanent", "3"], part => Assert.Contains(part, line.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, line.Message, StringComparison.Ordinal);
        IReadOnlyDictionary<string, object?> tags = Assert.Single(letters.GetMeasurementSnapshot()).Tags;
        Assert.Equal(("Charge", "permanent"), (tags[TelemetryNames.TaskTag], tags[TelemetryNames.FaultTag]));
    }
}
