using Chard.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Operations;

/// <summary>When a worker is old, what it still does, and how it ends.</summary>
public sealed class WorkerAgeTests
{
    private const long MB = 1024 * 1024;

    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly FakeLogger<WorkerAge> _log = new();
    private readonly Mock<IHostApplicationLifetime> _lifetime = new();
    private long _memory = 100 * MB;
    private int? _exitCode;

    [Fact]
    public async Task Enter_AfterTheTasks_WaitsWhileWhatRunsEndsAndThenTheProcessDoes()
    {
        WorkerAge age = Age(new(Tasks: 100, MemoryMB: null));
        IDisposable running = await age.EnterAsync(default);
        int ended = await RunUntilOldAsync(age);
        using var patience = new CancellationTokenSource();

        ValueTask<IDisposable> late = age.EnterAsync(patience.Token);

        Assert.InRange(ended, 90, 110);
        Assert.False(late.IsCompleted);
        Assert.False(age.Recycled.IsCompleted);
        running.Dispose();
        await age.Recycled.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(WorkerAge.WantsRestart, _exitCode);
        _lifetime.Verify(l => l.StopApplication(), Times.Once);
        Assert.False(late.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await late);
    }

    [Fact]
    public async Task Leave_OverTheMemory_IsSeenWithinASecond()
    {
        WorkerAge age = Age(new(Tasks: null, MemoryMB: 500));
        _memory = 499 * MB;
        await RunAsync(age);
        _time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync(age);
        Assert.False(age.IsOld);
        _memory = 500 * MB;
        await RunAsync(age);
        Assert.False(age.IsOld);
        _time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync(age);

        await age.Recycled.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(
            "The worker is old, for it holds 500 MB: it begins nothing more, and another takes its place once what runs has ended",
            Assert.Single(_log.Collector.GetSnapshot()).Message);
    }

    [Fact]
    public async Task Recycle_WorkThatDoesNotEnd_IsCutAfterTheDrain()
    {
        WorkerAge age = Age(new(Tasks: 1, MemoryMB: null));
        using IDisposable endless = await age.EnterAsync(default);
        await RunUntilOldAsync(age);
        await Eventually.TrueAsync("the drain has begun", () =>
        {
            // Advanced until the wait that was begun aside is there to see it.
            _time.Advance(WorkerAge.Drain);
            return Task.FromResult(age.Recycled.IsCompleted);
        });

        Assert.Equal(WorkerAge.WantsRestart, _exitCode);
        Assert.Contains(_log.Collector.GetSnapshot(), r => r.Id.Id == 191 && r.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Enter_OfAWorkerThatMayGrowOld_IsNeverHeldUp()
    {
        WorkerAge age = Age(RecycleSettings.Never);
        _memory = long.MaxValue;
        for (int i = 0; i < 10_000; i++)
        {
            await RunAsync(age);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(age.IsOld);
    }

    [Theory]
    [InlineData("Tasks", "0", "Chard:Recycle:Tasks is '0'; it must be a whole number, 1 to 100000000.")]
    [InlineData("MemoryMB", "64", "Chard:Recycle:MemoryMB is '64'; it must be a whole number, 128 to 1000000.")]
    [InlineData("MemoryMB", "1.5", "Chard:Recycle:MemoryMB is '1.5'; it must be a whole number, 128 to 1000000.")]
    public void Settings_ThatCannotBe_AreRefused(string name, string value, string refusal) => Assert.Equal(
        refusal,
        Assert.Throws<InvalidOperationException>(() => RecycleSettings.In(
            new ConfigurationBuilder().AddInMemoryCollection([new($"Chard:Recycle:{name}", value)]).Build())).Message);

    private static async Task RunAsync(WorkerAge age) => (await age.EnterAsync(default)).Dispose();

    private static async Task<int> RunUntilOldAsync(WorkerAge age)
    {
        int ended = 0;
        for (; !age.IsOld; ended++)
        {
            await RunAsync(age);
        }

        return ended;
    }

    private WorkerAge Age(RecycleSettings settings) => new(settings, _lifetime.Object, _time, _log)
    {
        Memory = () => _memory,
        SetExitCode = code => _exitCode = code,
    };
}
