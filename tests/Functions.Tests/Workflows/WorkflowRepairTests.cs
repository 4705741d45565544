using Chard.Control;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Running;
using Chard.Starts;
using Chard.Status;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Workflows;

/// <summary>A sweep compares a row with its instance in two reads; what an operator does in between must not be undone.</summary>
public sealed class WorkflowRepairTests
{
    private const string Id = "w";
    private const string Part = "w.0.0";

    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly InMemoryWorkflowStatusStore _store;
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly WorkflowRepair _repair;
    private OrchestrationRuntimeStatus _instance = OrchestrationRuntimeStatus.Running;
    private OrchestrationRuntimeStatus? _part;
    private bool _beginsAPart;

    public WorkflowRepairTests()
    {
        _store = new(_time);
        var inputs = new StartInputs(new InMemoryPayloadStore());
        var states = new WorkflowStates(_store, inputs, new InMemoryPayloadStore(), _time, NullLogger<WorkflowStates>.Instance);
        var control = new WorkflowControl(
            states, _store, new InMemoryDeadLetterStore(_time), new RunningWorkflows(_store, _time, NullLogger<RunningWorkflows>.Instance),
            _time, NullLogger<WorkflowControl>.Instance);
        var scheduler = new WorkflowScheduler(_store, inputs, _time, NullLogger<WorkflowScheduler>.Instance);
        _repair = new(states, _store, scheduler, control, _time, NullLogger<WorkflowRepair>.Instance);
        _client.Setup(c => c.GetInstanceAsync(Id, It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => new OrchestrationMetadata("Wait", Id) { RuntimeStatus = _instance });
        _client.Setup(c => c.GetInstanceAsync(Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => new OrchestrationMetadata("Wait", Id) { RuntimeStatus = _instance });
        _client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>()))
            .Returns(() => Pageable.Create((_, _, _) =>
            {
                var page = new Page<OrchestrationMetadata>(_part is { } status ? [new("Part", Part) { RuntimeStatus = status }] : []);

                // What an instance that was at work has begun comes to light after the first look.
                _part ??= _beginsAPart ? OrchestrationRuntimeStatus.Running : null;
                return Task.FromResult(page);
            }));
        _client.Setup(c => c.GetInstanceAsync(Part, It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => _part is { } status ? new OrchestrationMetadata("Part", Part) { RuntimeStatus = status } : null);
        _client.Setup(c => c.SuspendInstanceAsync(Id, It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Returns(Task.CompletedTask).Callback(() => _instance = OrchestrationRuntimeStatus.Suspended);
        _client.Setup(c => c.SuspendInstanceAsync(Part, It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Returns(Task.CompletedTask).Callback(() => _part = OrchestrationRuntimeStatus.Suspended);
        _client.Setup(c => c.ResumeInstanceAsync(Id, It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Returns(Task.CompletedTask).Callback(() => _instance = OrchestrationRuntimeStatus.Running);
    }

    [Fact]
    public async Task Check_RowPausedAndInstanceRunning_Suspends()
    {
        WorkflowState paused = await AddAsync(WorkflowStatus.Paused);

        await CheckAsync(paused);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, _instance);
    }

    [Fact]
    public async Task Check_RowPausedAndAPartBegunMeanwhile_SuspendsThePartToo()
    {
        WorkflowState paused = await AddAsync(WorkflowStatus.Paused);
        _beginsAPart = true;

        await CheckAsync(paused);

        Assert.Equal((OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.Suspended), (_instance, _part));
    }

    [Theory]
    [InlineData(-30, OrchestrationRuntimeStatus.Suspended)]
    [InlineData(30, OrchestrationRuntimeStatus.Running)]
    public async Task Check_RowPausedAndOnlyAPartRuns_LooksAfterItForAMinute(int secondsPastTheMinute, OrchestrationRuntimeStatus part)
    {
        WorkflowState paused = await AddAsync(WorkflowStatus.Paused);
        _time.AdjustTime(_time.GetUtcNow().AddSeconds(secondsPastTheMinute));
        (_instance, _part) = (OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.Running);

        await CheckAsync(paused);

        Assert.Equal(part, _part);
    }

    [Fact]
    public async Task Check_ResumedSinceTheRowWasRead_LetsItRun()
    {
        WorkflowState paused = await AddAsync(WorkflowStatus.Paused);
        await _store.ChangeAsync(Id, s => WorkflowTransitions.Resume(s, _time.GetUtcNow()), CancellationToken.None);

        await CheckAsync(paused);

        Assert.Equal(OrchestrationRuntimeStatus.Running, _instance);
        Assert.Equal(WorkflowStatus.Running, (await _store.GetAsync(Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Check_ResumedWhileASlowEngineSuspends_LetsItRun()
    {
        WorkflowState paused = await AddAsync(WorkflowStatus.Paused);
        int looks = 0;
        _client.Setup(c => c.SuspendInstanceAsync(Id, It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Returns(() => _store.ChangeAsync(Id, s => WorkflowTransitions.Resume(s, _time.GetUtcNow()), CancellationToken.None));
        _client.Setup(c => c.GetInstanceAsync(Id, It.IsAny<CancellationToken>())).ReturnsAsync(() =>
        {
            // The engine does what it was asked when it has been looked at twice more; a resume has no effect on what does not show as
            // suspended.
            _instance = ++looks == 4 ? OrchestrationRuntimeStatus.Suspended : _instance;
            return new OrchestrationMetadata("Wait", Id) { RuntimeStatus = _instance };
        });

        await CheckAsync(paused);

        Assert.True(looks >= 4, "It did not wait until the instance stood still.");
        Assert.Equal(OrchestrationRuntimeStatus.Running, _instance);
    }

    [Fact]
    public async Task Check_RowRunningAndInstanceSuspendedFromOutside_SaysPaused()
    {
        WorkflowState running = await AddAsync(WorkflowStatus.Running);
        _instance = OrchestrationRuntimeStatus.Suspended;

        Assert.Equal(WorkflowStatus.Paused, (await CheckAsync(running)).Status);
    }

    [Fact]
    public async Task Check_PausedAndResumedSinceTheRowWasRead_LeavesItRunning()
    {
        WorkflowState running = await AddAsync(WorkflowStatus.Running);
        await _store.ChangeAsync(Id, s => WorkflowTransitions.Pause(s, _time.GetUtcNow()), CancellationToken.None);
        await _store.ChangeAsync(Id, s => WorkflowTransitions.Resume(s, _time.GetUtcNow()), CancellationToken.None);
        _instance = OrchestrationRuntimeStatus.Suspended; // seen in between; the resume is on its way

        await CheckAsync(running);

        Assert.Equal(WorkflowStatus.Running, (await _store.GetAsync(Id, CancellationToken.None))!.Status);
    }

    /// <summary>Checks, and lets time pass while it waits for the engine.</summary>
    private async Task<WorkflowState> CheckAsync(WorkflowState state)
    {
        Task<WorkflowState> check = _repair.CheckAsync(state, _client.Object, CancellationToken.None);
        await Eventually.TrueAsync("the check has ended", () =>
        {
            if (!check.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(0.1));
            }

            return check.IsCompleted;
        });
        return await check;
    }

    private async Task<WorkflowState> AddAsync(WorkflowStatus status)
    {
        await _store.TryAddAsync(
            new()
            {
                Id = Id, Workflow = "Wait", Status = WorkflowStatus.Running, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow()
            },
            new("hash", "Wait", _time.GetUtcNow()),
            CancellationToken.None);
        if (status == WorkflowStatus.Paused)
        {
            await _store.ChangeAsync(Id, s => WorkflowTransitions.Pause(s, _time.GetUtcNow()), CancellationToken.None);
        }

        _time.Advance(TimeSpan.FromSeconds(60));
        return (await _store.GetAsync(Id, CancellationToken.None))!;
    }
}
