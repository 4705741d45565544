using Chard.Control;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Platform;
using Chard.Running;
using Chard.Starts;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Workflows;

/// <summary>A sweep judges rows by the instances of their own hub alone.</summary>
public sealed class WorkflowSweepTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly EngineMock _engine = new();
    private readonly InMemoryWorkflowStatusStore _store;
    private readonly RunningWorkflows _running;

    public WorkflowSweepTests()
    {
        _store = new(_time);
        _running = new(_store, _time, NullLogger<RunningWorkflows>.Instance);
    }

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task Run_HostOnAnotherHub_JudgesNothingAndNamesBoth()
    {
        await AddRunningAsync();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ClockOf("Other").RunAsync(new TimerInfo(), _engine.Client, None));

        Assert.Equal(
            "The host works on task hub 'Chard', the app on 'Other': extensions.durableTask.hubName is not the same for both.",
            refusal.Message);
        Assert.Equal(WorkflowStatus.Running, (await _store.GetAsync("w", None))?.Status);
    }

    [Fact]
    public async Task Run_HostOnTheHub_FindsWhatIsLost()
    {
        await AddRunningAsync();

        // Names of hubs have no case.
        await ClockOf("CHARD").RunAsync(new TimerInfo(), _engine.Client, None);

        Assert.Equal("instance-lost", (await _store.GetAsync("w", None))?.Error?.Code);
    }

    private async Task AddRunningAsync()
    {
        await _store.TryAddAsync(
            new()
            {
                Id = "w", Workflow = "W", Status = WorkflowStatus.Running, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow()
            },
            new("h", "W", _time.GetUtcNow()), None);
        _time.Advance(TimeSpan.FromSeconds(60));
    }

    private RunClock ClockOf(string hub)
    {
        var payloads = new InMemoryPayloadStore();
        var inputs = new StartInputs(payloads);
        var states = new WorkflowStates(_store, inputs, payloads, _time, NullLogger<WorkflowStates>.Instance);
        var control = new WorkflowControl(
            states, _store, new InMemoryDeadLetterStore(_time), _running, _time, NullLogger<WorkflowControl>.Instance);
        var scheduler = new WorkflowScheduler(_store, inputs, _time, NullLogger<WorkflowScheduler>.Instance);
        var repair = new WorkflowRepair(states, _store, scheduler, control, _time, NullLogger<WorkflowRepair>.Instance);
        var sweep = new WorkflowSweep(_store, repair, control, NullLogger<WorkflowSweep>.Instance);
        return new(new Clock([sweep], _time), new StorageNames(hub), NullLogger<RunClock>.Instance);
    }
}
