using Chard.Domain.Failures;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Running;
using Chard.Status;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Workflows;

/// <summary>How a process learns that a workflow which it works for has been ended.</summary>
public sealed class RunningWorkflowsTests : IDisposable
{
    private readonly WatchedTime _time = new();
    private readonly InMemoryWorkflowStatusStore _store;
    private readonly List<string> _looks = [];
    private readonly RunningWorkflows _running;
    private Exception? _fault;

    public RunningWorkflowsTests()
    {
        _store = new(_time);
        var store = new Mock<IWorkflowStatusStore>(MockBehavior.Strict);
        store.Setup(s => s.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns((string id, CancellationToken token) =>
        {
            _looks.Add(id);
            return _fault is { } fault ? Task.FromException<WorkflowState?>(fault) : _store.GetAsync(id, token);
        });
        _running = new(store.Object, _time, NullLogger<RunningWorkflows>.Instance);
    }

    public void Dispose() => _running.Dispose();

    [Fact]
    public void End_InTheProcess_FiresAtOnceAndReadsNothing()
    {
        using RunningWorkflow one = _running.Enter("w");
        using RunningWorkflow another = _running.Enter("w");
        using RunningWorkflow other = _running.Enter("w2");

        _running.End("w");

        Assert.True(one.Ended.IsCancellationRequested);
        Assert.True(another.Ended.IsCancellationRequested);
        Assert.False(other.Ended.IsCancellationRequested);
        Assert.Equal("cancelled", Assert.Throws<PermanentTaskException>(one.ThrowIfEnded).Code);
        Assert.Empty(_looks);
    }

    [Fact]
    public void Enter_AfterTheEnd_IsRefusedForAsLongAsItIsRemembered()
    {
        _running.End("w");
        for (int i = 1; i < RunningWorkflows.Remembered; i++)
        {
            _running.End($"other{i}");
        }

        Assert.True(Ended("w"));
        _running.End("one more");
        Assert.False(Ended("w"));
        Assert.True(Ended("one more"));

        bool Ended(string id)
        {
            using RunningWorkflow work = _running.Enter(id);
            return work.Ended.IsCancellationRequested;
        }
    }

    [Theory]
    [InlineData(WorkflowStatus.Cancelled)]
    [InlineData(WorkflowStatus.Expired)]
    public async Task Look_EndedElsewhere_FiresWithinFiveSeconds(WorkflowStatus status)
    {
        await AddAsync("w");
        _time.Pass(TimeSpan.FromSeconds(0.7));
        using RunningWorkflow first = _running.Enter("earlier");
        _time.Pass(TimeSpan.FromSeconds(0.6)); // the look that the first work has armed comes too early for the second
        using RunningWorkflow work = _running.Enter("w");
        await _store.ChangeAsync("w", s => s with { Status = status }, CancellationToken.None);

        _time.Pass(TimeSpan.FromSeconds(4));

        Assert.True(work.Ended.IsCancellationRequested);
        Assert.False(first.Ended.IsCancellationRequested);
        using RunningWorkflow late = _running.Enter("w");
        Assert.True(late.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Look_StillAtWork_IsOneReadEveryTwoSecondsHoweverMuchWorkThereIs()
    {
        await AddAsync("w");
        using RunningWorkflow one = _running.Enter("w");
        using RunningWorkflow another = _running.Enter("w");

        _time.Pass(TimeSpan.FromSeconds(20));

        Assert.Equal(Enumerable.Repeat("w", 10), _looks);
        Assert.False(one.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Look_ShortWork_ReadsNothingAndNoTimerIsLeft()
    {
        await AddAsync("w");
        for (int i = 0; i < 50; i++)
        {
            _running.Enter("w").Dispose();
            using (_running.Enter("w"))
            {
                _time.Pass(TimeSpan.FromSeconds(1));
            }
        }

        _time.Pass(TimeSpan.FromSeconds(3));
        Assert.Empty(_looks);
        AssertNothingWakes();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WorkflowStatus.Completed)]
    [InlineData(WorkflowStatus.Failed)]
    public async Task Look_NothingToCancel_LooksNoMore(WorkflowStatus? status)
    {
        if (status is { } ended)
        {
            await AddAsync("w");
            await _store.ChangeAsync("w", s => s with { Status = ended }, CancellationToken.None);
        }

        using RunningWorkflow work = _running.Enter("w");
        _time.Pass(TimeSpan.FromSeconds(60));

        Assert.False(work.Ended.IsCancellationRequested);
        Assert.Single(_looks);
        AssertNothingWakes();
    }

    [Fact]
    public async Task Look_StorageAway_LooksAgain()
    {
        await AddAsync("w");
        await _store.ChangeAsync("w", s => s with { Status = WorkflowStatus.Cancelled }, CancellationToken.None);
        using RunningWorkflow work = _running.Enter("w");
        _fault = new IOException("storage is away");
        _time.Pass(TimeSpan.FromSeconds(10));
        Assert.False(work.Ended.IsCancellationRequested);
        Assert.NotEmpty(_looks);

        _fault = null;
        _time.Pass(TimeSpan.FromSeconds(2));
        Assert.True(work.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task End_ACallbackThatThrows_StopsTheOthersAllTheSame()
    {
        using RunningWorkflow work = _running.Enter("w");
        var called = new TaskCompletionSource();
        using CancellationTokenRegistration good = work.Ended.Register(called.SetResult);
        using CancellationTokenRegistration bad = work.Ended.Register(() => throw new InvalidOperationException("a task's own mistake"));

        _running.End("w");

        await called.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Dispose_WhileSomethingRuns_LooksNoMore()
    {
        await AddAsync("w");
        using RunningWorkflow work = _running.Enter("w");
        _running.Dispose();

        _time.Pass(TimeSpan.FromSeconds(60));
        using RunningWorkflow late = _running.Enter("late");
        _time.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(_looks);
    }

    [Fact]
    public async Task EnterAsync_IdThatWasStartedAnew_Begins()
    {
        _running.End("w");
        using (RunningWorkflow late = await _running.EnterAsync("w", CancellationToken.None))
        {
            Assert.True(late.Ended.IsCancellationRequested);
        }

        // The cancelled one was erased, and another has its id, perhaps by another host.
        await AddAsync("w");
        using RunningWorkflow anew = await _running.EnterAsync("w", CancellationToken.None);
        using RunningWorkflow more = await _running.EnterAsync("w", CancellationToken.None);

        Assert.False(anew.Ended.IsCancellationRequested || more.Ended.IsCancellationRequested);
        Assert.Equal(2, _looks.Count);
    }

    private void AssertNothingWakes()
    {
        int fired = _time.Fired;
        _time.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(fired, _time.Fired);
    }

    private Task<bool> AddAsync(string id) => _store.TryAddAsync(
        new() { Id = id, Workflow = "W", Status = WorkflowStatus.Running, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow() },
        new("h", "W", _time.GetUtcNow(), null), CancellationToken.None);

    /// <summary>A clock that counts how often one of its timers fires.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.1);

        public int Fired { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(
                s =>
                {
                    Fired++;
                    callback(s);
                },
                state, dueTime, period);

        /// <summary>Goes on step by step: timers fire at the end of an advance, and here each one sets the next.</summary>
        public void Pass(TimeSpan time)
        {
            for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Step)
            {
                Advance(Step);
            }
        }
    }
}
