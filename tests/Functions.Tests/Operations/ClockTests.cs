using Chard.Control;
using Chard.Functions.Tests.InMemory;
using Chard.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Operations;

/// <summary>What the clock runs at a tick, and what becomes of works that fail or take long.</summary>
public sealed class ClockTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly EngineMock _engine = new();

    [Fact]
    public async Task Tick_EachWork_RunsNoMoreOftenThanItWants()
    {
        Work always = new("always", 0), some = new("some", 5), rare = new("rare", 60);
        var clock = new Clock([always, some, rare], _time);

        for (int second = 0; second < 60; second += 2)
        {
            Assert.Empty(await clock.TickAsync(_engine.Client, CancellationToken.None));
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal((30, 10, 1), (always.Runs, some.Runs, rare.Runs));
    }

    [Fact]
    public async Task Tick_APeriodThatIsOneOfTheClocks_MissesNoTickThatComesALittleEarly()
    {
        var work = new Work("work", 15);
        var clock = new Clock([work], _time);

        foreach (double seconds in (double[])[15.02, 14.9, 15.1, 14.8])
        {
            await clock.TickAsync(_engine.Client, CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(4, work.Runs);
    }

    [Fact]
    public async Task Tick_AWorkThatStillRuns_IsNotBegunAgainAndHoldsUpNoOther()
    {
        var slow = new Work("slow", 0) { Gate = new() };
        var quick = new Work("quick", 0);
        var clock = new Clock([slow, quick], _time);

        Task<IReadOnlyList<ClockFailure>> first = clock.TickAsync(_engine.Client, CancellationToken.None);
        await clock.TickAsync(_engine.Client, CancellationToken.None);

        Assert.Equal((1, 2), (slow.Runs, quick.Runs));
        slow.Gate.SetResult();
        await first;
        await clock.TickAsync(_engine.Client, CancellationToken.None);
        Assert.Equal((2, 3), (slow.Runs, quick.Runs));
    }

    [Fact]
    public async Task Run_AWorkThatFails_IsLoggedRunsAgainAtTheNextTickAndKeepsNoOtherFromRunning()
    {
        Work broken = new("broken", 3600) { Failure = new InvalidDataException("boom") }, sound = new("sound", 0);
        var log = new FakeLogger<RunClock>();
        var function = new RunClock(new Clock([broken, sound], _time), new StorageNames("Chard"), log);

        var failure = await Assert.ThrowsAsync<AggregateException>(
            () => function.RunAsync(new TimerInfo(), _engine.Client, CancellationToken.None));

        Assert.StartsWith("Failed: broken.", failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (broken.Runs, sound.Runs));
        FakeLogRecord record = Assert.Single(log.Collector.GetSnapshot());
        Assert.Equal((LogLevel.Error, 180, "broken failed; the next tick of the clock runs it again"),
            (record.Level, record.Id.Id, record.Message));
        broken.Failure = null;
        await function.RunAsync(new TimerInfo(), _engine.Client, CancellationToken.None);
        Assert.Equal((2, 2), (broken.Runs, sound.Runs));
    }

    private sealed class Work(string name, int seconds) : IClockWork
    {
        public string Name => name;

        public TimeSpan Every { get; } = TimeSpan.FromSeconds(seconds);

        public int Runs { get; private set; }

        public TaskCompletionSource? Gate { get; init; }

        public Exception? Failure { get; set; }

        public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
        {
            Runs++;
            if (Failure is not null)
            {
                throw Failure;
            }

            if (Gate is not null)
            {
                await Gate.Task;
            }
        }
    }
}
