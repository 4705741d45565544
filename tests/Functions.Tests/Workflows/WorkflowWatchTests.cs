using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Workflows;

/// <summary>Who waits for a change: what costs a look at the store, and what does not.</summary>
public sealed class WorkflowWatchTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly WorkflowSignals _signals = new();
    private readonly Mock<IWorkflowStatusStore> _store = new(MockBehavior.Strict);
    private readonly Mock<IWorkflowRepair> _repair = new(MockBehavior.Strict);
    private readonly InMemoryWorkflowStatusStore _rows;
    private readonly EngineMock _engine = new();
    private readonly WorkflowWatch _watch;
    private readonly List<int> _looks = [];

    public WorkflowWatchTests()
    {
        _rows = new(_time);
        _store.Setup(s => s.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string id, CancellationToken token) => _rows.GetAsync(id, token));
        _store.Setup(s => s.GetAsync(It.IsAny<IReadOnlyCollection<string>>(), It.IsAny<CancellationToken>()))
            .Returns((IReadOnlyCollection<string> ids, CancellationToken token) =>
            {
                _looks.Add(ids.Count);
                return _rows.GetAsync(ids, token);
            });
        _repair.Setup(r => r.CheckAsync(It.IsAny<WorkflowState>(), It.IsAny<DurableTaskClient>(), It.IsAny<CancellationToken>()))
            .Returns((WorkflowState state, DurableTaskClient _, CancellationToken _) => Task.FromResult(state));
        var payloads = new InMemoryPayloadStore();
        var states = new WorkflowStates(
            _store.Object, new StartInputs(payloads), payloads, _time, NullLogger<WorkflowStates>.Instance);
        _watch = new(_store.Object, states, _repair.Object, _signals, _time);
    }

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task Next_ChangedHere_IsHandedOverWithoutALook()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        Task<WorkflowState?> next = view.NextAsync(state, Long, None);
        Assert.False(next.IsCompleted);

        _signals.Notify(state with { Version = 2, Status = WorkflowStatus.Running });

        Assert.Equal(WorkflowStatus.Running, (await next)?.Status);
        Assert.Empty(_looks);
    }

    [Fact]
    public async Task Next_ChangedBetweenTheReadAndTheWait_IsNotMissed()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        _signals.Notify(state with { Version = 2 });

        Assert.Equal(2, (await view.NextAsync(state, Long, None))?.Version);
    }

    [Fact]
    public async Task Next_WhatWasSeenAlready_IsNoNews()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        WorkflowState second = state with { Version = 2 };
        _signals.Notify(second);
        _signals.Notify(state); // told late

        Task<WorkflowState?> next = view.NextAsync(second, Long, None);

        Assert.False(next.IsCompleted);
        _signals.Notify(state with { Version = 3, Status = WorkflowStatus.Completed });
        Assert.Equal(3, (await next)?.Version);
        Assert.Equal(3, (await view.NextAsync((await next)!, Long, None))?.Version); // it will not change any more
    }

    [Fact]
    public async Task Look_ManyWait_IsOneQuestionForAllOfThem()
    {
        WorkflowState[] states = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AddAsync($"w{i}")))];
        WorkflowView[] views = [.. states.Select(state => _watch.Open(state.Id, _engine.Client))];
        Task<WorkflowState?>[] waits = [.. views.Zip(states, (view, state) => view.NextAsync(state, Long, None))];

        _time.Advance(WorkflowWatch.Interval);
        Assert.Equal([40], _looks);
        await _rows.UpdateAsync(new("w7", WorkflowStatus.Running), None); // by another host, which nobody tells of
        _time.Advance(WorkflowWatch.Interval);

        Assert.Equal(WorkflowStatus.Running, (await waits[7])?.Status);
        Assert.All(waits.Where((_, i) => i != 7), wait => Assert.False(wait.IsCompleted));
        _time.Advance(WorkflowWatch.Interval);
        Assert.Equal([40, 40, 39], _looks);

        foreach (WorkflowState state in states)
        {
            _signals.Notify(state with { Version = 9, Status = WorkflowStatus.Completed });
        }

        await Task.WhenAll(waits);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, _looks.Count); // nobody waits
        Array.ForEach(views, view => view.Dispose());
    }

    [Fact]
    public async Task Look_Unchanged_ComparesWithTheEngineEveryTwoSeconds()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        Task<WorkflowState?> next = view.NextAsync(state, Long, None);

        for (int i = 0; i < 20; i++)
        {
            _time.Advance(WorkflowWatch.Interval);
        }

        _repair.Verify(r => r.CheckAsync(state, _engine.Client, It.IsAny<CancellationToken>()), Times.Exactly(5));
        _repair.Setup(r => r.CheckAsync(It.IsAny<WorkflowState>(), It.IsAny<DurableTaskClient>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(state with { Version = 2, Status = WorkflowStatus.Failed });
        _time.Advance(IWorkflowRepair.StaleAfter);

        Assert.Equal(WorkflowStatus.Failed, (await next)?.Status);
    }

    [Fact]
    public async Task Next_PatienceIsOver_GivesWhatHoldsThen()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        Task<WorkflowState?> next = view.NextAsync(state, WorkflowWatch.Interval / 4, None);

        _time.Advance(WorkflowWatch.Interval / 4);

        Assert.Equal(state, await next);
        Assert.Empty(_looks);
    }

    [Fact]
    public async Task Look_StorageIsAway_IsToldToWhoWaits()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        Task<WorkflowState?> next = view.NextAsync(state, Long, None);
        _store.Setup(s => s.GetAsync(It.IsAny<IReadOnlyCollection<string>>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("away"));

        _time.Advance(WorkflowWatch.Interval);

        Assert.Equal("away", (await Assert.ThrowsAsync<IOException>(() => next)).Message);
    }

    [Fact]
    public async Task Look_GoneMeanwhile_IsToldToWhoWaits()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        Task<WorkflowState?> next = view.NextAsync(state, Long, None);
        await _rows.RemoveAsync(state, None);

        _time.Advance(WorkflowWatch.Interval);

        Assert.Null(await next);
    }

    [Fact]
    public async Task Next_Cancelled_EndsAndNobodyWaits()
    {
        WorkflowState state = await AddAsync("w");
        using WorkflowView view = _watch.Open("w", _engine.Client);
        using var gone = new CancellationTokenSource();
        Task<WorkflowState?> next = view.NextAsync(state, Long, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        _time.Advance(WorkflowWatch.Interval);
        Assert.Empty(_looks);
    }

    private async Task<WorkflowState> AddAsync(string id)
    {
        var state = new WorkflowState
        {
            Id = id, Workflow = "W", Status = WorkflowStatus.Queued, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(),
        };
        await _rows.TryAddAsync(state, new("hash", "Orchestrator", _time.GetUtcNow()), None);
        return state;
    }
}
