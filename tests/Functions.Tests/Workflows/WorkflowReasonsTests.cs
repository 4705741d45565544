using Chard.Control;
using Chard.DeadLetters;
using Chard.Domain.Ledger;
using Chard.Domain.Limits;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Workflows;

/// <summary>Which workflows count as stuck.</summary>
public sealed class WorkflowReasonsTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly InMemoryWorkflowStatusStore _store;
    private readonly WorkflowReasons _reasons;

    public WorkflowReasonsTests()
    {
        _store = new(_time);
        _reasons = new(_store, Mock.Of<ILedgerStore>(), Mock.Of<IDeadLetterStore>(), LimitCatalogue.Empty, _time);
    }

    [Fact]
    public async Task Stuck_QueuedOrRunningAndUntouched_TheLongestFirst()
    {
        await AddAsync("running-30", WorkflowStatus.Running, 30);
        await AddAsync("running-20", WorkflowStatus.Running, 20);
        await AddAsync("running-5", WorkflowStatus.Running, 5);
        await AddAsync("queued-25", WorkflowStatus.Queued, 25);
        await AddAsync("queued-for-later", WorkflowStatus.Queued, 25, startsIn: 60);
        await AddAsync("queued-for-before", WorkflowStatus.Queued, 40, startsIn: -15);
        await AddAsync("parked-50", WorkflowStatus.Parked, 50);
        await AddAsync("paused-50", WorkflowStatus.Paused, 50);

        (IReadOnlyList<WorkflowState> stuck, bool isMore) = await StuckAsync(20);
        (IReadOnlyList<WorkflowState> first, bool isMoreThanFirst) = await StuckAsync(2);

        Assert.Equal(["queued-for-before", "running-30", "queued-25", "running-20"], stuck.Select(s => s.Id));
        Assert.Equal(["queued-for-before", "running-30"], first.Select(s => s.Id));
        Assert.Equal((false, true), (isMore, isMoreThanFirst));
    }

    [Fact]
    public async Task Stuck_OfMoreThanAreLookedAt_SaysSo()
    {
        for (int i = 0; i <= WorkflowReasons.MostUnfinished; i++)
        {
            await AddAsync($"w-{i}", WorkflowStatus.Running, 1);
        }

        (IReadOnlyList<WorkflowState> stuck, bool isMore) = await StuckAsync(20);

        Assert.Empty(stuck);
        Assert.True(isMore);
    }

    private Task<(IReadOnlyList<WorkflowState> Stuck, bool IsMore)> StuckAsync(int limit) =>
        _reasons.StuckAsync(_time.GetUtcNow().AddMinutes(-10), limit, CancellationToken.None);

    private async Task AddAsync(string id, WorkflowStatus status, int minutesAgo, int? startsIn = null) =>
        Assert.True(await _store.TryAddAsync(
            new()
            {
                Id = id, Workflow = "RunCanvas", Status = status, CreatedAt = TestTime.Begin.AddHours(-1),
                UpdatedAt = TestTime.Begin.AddMinutes(-minutesAgo),
                StartAt = startsIn is { } minutes ? TestTime.Begin.AddMinutes(minutes) : null,
            },
            new("hash", "RunCanvas", TestTime.Begin),
            CancellationToken.None));
}
