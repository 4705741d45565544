using Chard.Control;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Running;
using Chard.Status;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Workflows;

/// <summary>What an end of a workflow does to its tasks in the same process.</summary>
public sealed class WorkflowControlTests : IDisposable
{
    private const string Id = "w";

    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly InMemoryWorkflowStatusStore _store;
    private readonly RunningWorkflows _running;
    private readonly WorkflowControl _control;
    private readonly Mock<DurableTaskClient> _client = new("test");

    public WorkflowControlTests()
    {
        _store = new(_time);
        _running = new(_store, _time, NullLogger<RunningWorkflows>.Instance);
        var payloads = new InMemoryPayloadStore();
        var states = new WorkflowStates(_store, new StartInputs(payloads), payloads, _time, NullLogger<WorkflowStates>.Instance);
        _control = new(states, _store, new InMemoryDeadLetterStore(_time), _running, _time, NullLogger<WorkflowControl>.Instance);
        _client.Setup(c => c.GetInstanceAsync(Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => new OrchestrationMetadata("W", Id) { RuntimeStatus = OrchestrationRuntimeStatus.Running });
        _client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>()))
            .Returns(Pageable.Create((_, _, _) => Task.FromResult(new Page<OrchestrationMetadata>([]))));
    }

    public void Dispose() => _running.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_OfARunningWorkflow_EndsItsInstanceBeforeItsTasksAreTold(bool expires)
    {
        await AddAsync();
        using RunningWorkflow task = _running.Enter(Id);
        bool? toldBefore = null;
        _client.Setup(c => c.TerminateInstanceAsync(Id, It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Returns(Task.CompletedTask).Callback(() => toldBefore = task.Ended.IsCancellationRequested);

        await (expires ? _control.ExpireAsync(Id, _client.Object, CancellationToken.None) : _control.CancelAsync(
            Id, _client.Object, CancellationToken.None));

        Assert.False(toldBefore);
        Assert.True(task.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancel_EngineDoesNotAnswer_TellsTheTasksAllTheSame()
    {
        await AddAsync();
        using RunningWorkflow task = _running.Enter(Id);
        _client.Setup(c => c.TerminateInstanceAsync(Id, It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("no engine"));

        await Assert.ThrowsAsync<IOException>(() => _control.CancelAsync(Id, _client.Object, CancellationToken.None));

        Assert.True(task.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancel_Refused_LeavesTheTasksAlone()
    {
        await AddAsync();
        await _store.UpdateAsync(new(Id, WorkflowStatus.Completed), CancellationToken.None);
        using RunningWorkflow task = _running.Enter(Id);

        Assert.True((await _control.CancelAsync(Id, _client.Object, CancellationToken.None))!.Refused);

        Assert.False(task.Ended.IsCancellationRequested);
    }

    private Task<bool> AddAsync() => _store.TryAddAsync(
        new() { Id = Id, Workflow = "W", Status = WorkflowStatus.Running, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow() },
        new("hash", "W", _time.GetUtcNow()), CancellationToken.None);
}
