using System.Text.Json;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Starts;
using Chard.Status;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Workflows;

public sealed class WorkflowSchedulerTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly InMemoryWorkflowStatusStore _store;
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly WorkflowScheduler _scheduler;

    public WorkflowSchedulerTests()
    {
        _store = new(_time);
        _scheduler = new(_store, new StartInputs(_payloads), _time, NullLogger<WorkflowScheduler>.Instance);
    }

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task MakeUpFor_WithinTheLease_LeavesItToWhoeverClaimedIt()
    {
        WorkflowState state = await AddAsync();
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.False(await _scheduler.MakeUpForAsync(state, _client.Object, None));
        Assert.Empty(Scheduled());
    }

    [Fact]
    public async Task MakeUpFor_TwoSweepersAfterTheLease_OneSchedules()
    {
        WorkflowState state = await AddAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        bool[] did = await Task.WhenAll(
            _scheduler.MakeUpForAsync(state, _client.Object, None), _scheduler.MakeUpForAsync(state, _client.Object, None));

        Assert.Equal(1, did.Count(d => d));
        Assert.Equal("""{"n":1}""", Assert.Single(Scheduled())?.GetRawText());
    }

    [Fact]
    public async Task MakeUpFor_InstanceIsThere_DoesNothing()
    {
        WorkflowState state = await AddAsync();
        _time.Advance(TimeSpan.FromSeconds(60));
        Exists();

        Assert.False(await _scheduler.MakeUpForAsync(state, _client.Object, None));
        Assert.Empty(Scheduled());
    }

    [Fact]
    public async Task MakeUpFor_LargeInput_IsReadBack()
    {
        var reference = await _payloads.WriteAsync("w", "start/h", (s, t) => s.WriteAsync("[1,2,3]"u8.ToArray(), t).AsTask(), None);
        WorkflowState state = await AddAsync(new("h", "Orchestrator", _time.GetUtcNow(), InputReference: reference));
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.True(await _scheduler.MakeUpForAsync(state, _client.Object, None));
        Assert.Equal("[1,2,3]", Assert.Single(Scheduled())?.GetRawText());
    }

    [Fact]
    public async Task Schedule_RefusedAsDuplicate_IsNoFailure()
    {
        WorkflowState state = await AddAsync();
        Refuses();
        Exists();

        await _scheduler.ScheduleAsync(state, new("h", "Orchestrator", _time.GetUtcNow()), _client.Object, None);
    }

    [Fact]
    public async Task Schedule_FailedWithoutAnInstance_Throws()
    {
        WorkflowState state = await AddAsync();
        Refuses();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _scheduler.ScheduleAsync(state, new("h", "Orchestrator", _time.GetUtcNow()), _client.Object, None));
    }

    private async Task<WorkflowState> AddAsync(WorkflowStart? start = null)
    {
        var state = new WorkflowState
        {
            Id = "w", Workflow = "W", Status = WorkflowStatus.Queued, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(),
        };
        await _store.TryAddAsync(state, start ?? new("h", "Orchestrator", _time.GetUtcNow(), JsonElement.Parse("""{"n":1}""")), None);
        return state;
    }

    private void Exists() => _client
        .Setup(c => c.GetInstanceAsync("w", It.IsAny<CancellationToken>()))
        .ReturnsAsync(new OrchestrationMetadata("Orchestrator", "w"));

    private void Refuses() => _client
        .Setup(c => c.ScheduleNewOrchestrationInstanceAsync(
            It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), None))
        .ThrowsAsync(new InvalidOperationException("exists"));

    private IEnumerable<JsonElement?> Scheduled() => _client.Invocations
        .Where(i => i.Method.Name == nameof(DurableTaskClient.ScheduleNewOrchestrationInstanceAsync))
        .Select(i => (JsonElement?)i.Arguments[1]);
}
