using System.Collections.Concurrent;
using System.Globalization;
using DurableTask.Core;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Timers, put-off starts and delays under a clock that skips idle time.</summary>
public sealed class TimeTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2030, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SkippingClock clock = new(Start);
    private readonly Store store = new(onFile: false);
    private readonly ConcurrentQueue<(DateTimeOffset At, string What)> notes = new();
    private Hub hub = null!;

    public async Task InitializeAsync() => hub = await StartAsync(TimeSpan.Zero);

    public async Task DisposeAsync()
    {
        await hub.DisposeAsync();
        store.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retries_OverAWeekOfBackoff_PassAtOnce_AndTheOrchestratorSeesIt(bool sessions)
    {
        await RestartAsync(sessions ? TimeSpan.FromHours(1) : TimeSpan.Zero);

        var ended = await hub.RunAsync("Backoff", "x");

        Assert.Equal($"\"{TimeSpan.FromHours(12 + 24 + 48 + 96)}\"", ended.Output);
        var times = notes.Select(note => note.At).ToArray();
        Assert.Equal([12, 24, 48, 96], times.Zip(times.Skip(1), (a, b) => (int)Math.Round((b - a).TotalHours)));
        Assert.True(clock.Skipped > TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task Timers_OfSeveralInstances_FireInTheOrderOfTheirTimes()
    {
        using (clock.Hold())
        {
            foreach (var hours in (int[])[5, 1, 3, 2, 4])
            {
                await hub.StartAsync("After", $"h{hours}", $"{hours}");
            }
        }

        await Task.WhenAll(Enumerable.Range(1, 5).Select(hours => hub.EndAsync($"h{hours}")));

        Assert.Equal(["1", "2", "3", "4", "5"], notes.Select(note => note.What));
        Assert.Equal([1, 2, 3, 4, 5], notes.Select(note => (int)Math.Round((note.At - Start).TotalHours)));
    }

    [Fact]
    public async Task Timers_OfOneInstance_FireInTheOrderOfTheirTimes() =>
        Assert.Equal("\"1,2,3,4,5\"", (await hub.RunAsync("Several", "x", "5 1 3 2 4")).Output);

    [Fact]
    public async Task PutOffStart_NextMonth_StartsThen_AndItsTimesAreTheClocks()
    {
        var due = Start.AddDays(30);
        await hub.Client.CreateScheduledOrchestrationInstanceAsync("Now", string.Empty, "x", string.Empty, due.UtcDateTime);

        var ended = await hub.EndAsync("x");
        var state = (await hub.StateAsync("x"))!;

        Assert.InRange(DateTime.Parse(ended.Output.Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), due.UtcDateTime,
            due.UtcDateTime.AddMinutes(5));
        Assert.InRange(state.CreatedTime, Start.UtcDateTime, Start.UtcDateTime.AddMinutes(5));
        Assert.InRange(state.CompletedTime, due.UtcDateTime, due.UtcDateTime.AddMinutes(5));
        Assert.InRange(state.LastUpdatedTime, due.UtcDateTime, due.UtcDateTime.AddMinutes(5));
        Assert.All(await hub.Engine.GetHistoryAsync("x"), happened =>
            Assert.InRange(happened.Timestamp, Start.UtcDateTime, due.UtcDateTime.AddMinutes(5)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ContinueAsNew_DayByDay_SeesEachDay(bool sessions)
    {
        await RestartAsync(sessions ? TimeSpan.FromHours(1) : TimeSpan.Zero);

        await hub.RunAsync("Daily", "x", "1");

        Assert.Equal([1, 2, 3, 4, 5], notes.Select(note => (int)Math.Round((note.At - Start).TotalDays)));
    }

    [Fact]
    public async Task DelayedSignal_ComesAfterItsDelay()
    {
        await hub.RunAsync("Later", "x", "k");

        Assert.True(clock.GetUtcNow() >= Start.AddHours(6));
        await hub.UntilAsync(async () => (await hub.RunAsync("Ask", "y", "k get")).Output == "\"9\"", "the signal has come");
    }

    [Fact]
    public async Task RealWork_InAnActivity_IsNotSkippedOver() => Assert.Equal("\"activity\"", (await hub.RunAsync("Race", "x")).Output);

    [Fact]
    public async Task Hold_KeepsTimeFromPassing_UnlessItOnlyWaits()
    {
        using (clock.Hold())
        {
            await hub.StartAsync("After", "x", "1");
            await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System);
            Assert.Equal(OrchestrationStatus.Running, (await hub.StateAsync("x"))!.OrchestrationStatus);
            Assert.False(clock.IsSkipping);

            await Task.Delay(TimeSpan.FromHours(2), clock);
        }

        await hub.EndAsync("x");
        Assert.InRange(clock.GetUtcNow(), Start.AddHours(2), Start.AddHours(3));
    }

    [Fact]
    public async Task BriefHold_LetsTimePass_ForTheWorkflowItWaitsFor()
    {
        using var request = clock.HoldBriefly();

        await hub.RunAsync("After", "x", "1");

        Assert.True(clock.GetUtcNow() >= Start.AddHours(1));
    }

    [Fact]
    public async Task Advance_FiresEverythingOnTheWay_InOrder()
    {
        using var hourly =
            clock.CreateTimer(_ => notes.Enqueue((clock.GetUtcNow(), "tick")), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        using (clock.Hold())
        {
            await hub.StartAsync("After", "x", "3");
            await hub.UntilAsync(() => Task.FromResult(hub.Engine.NextDue is not null), "the timer is set");
            await clock.AdvanceAsync(TimeSpan.FromHours(4.5));
        }

        Assert.Equal(["tick", "tick", "tick", "3", "tick"], notes.Select(note => note.What));
        Assert.Equal([1, 2, 3, 3, 4], notes.Select(note => (int)Math.Round((note.At - Start).TotalHours)));
        Assert.True(clock.GetUtcNow() >= Start.AddHours(4.5));
    }

    [Fact]
    public async Task AppTimers_Alone_DoNotMakeTimePass()
    {
        using var hourly =
            clock.CreateTimer(_ => notes.Enqueue((clock.GetUtcNow(), "tick")), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await hub.RunAsync("Now", "x");
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        Assert.Empty(notes);
        clock.JumpTo(Start.AddHours(1.5));
        Assert.Single(notes);
        Assert.Equal(Start.AddHours(2), clock.NextDue!.Value, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task CancelledTimer_OfAnEndedInstance_HoldsNobody()
    {
        await hub.StartAsync("Listen", "x", "1");
        await hub.RunAsync("Race", "y");

        Assert.Null(hub.Engine.NextDue);
        Assert.True(clock.GetUtcNow() < Start.AddMinutes(30));
    }

    private async Task RestartAsync(TimeSpan sessions)
    {
        await hub.DisposeAsync();
        hub = await StartAsync(sessions);
    }

    private Task<Hub> StartAsync(TimeSpan sessions)
    {
        var options = store.Options();
        options.Clock = clock;
        options.ExtendedSessionIdleTimeout = sessions;
        return Hub.StartAsync(options, Make());
    }

    private Code Make() => BothCode.Make()
        .Activity("Try", _ =>
        {
            notes.Enqueue((clock.GetUtcNow(), "try"));
            return notes.Count < 5 ? throw new TimeoutException("not yet") : "done";
        })
        .Activity("Note", input =>
        {
            notes.Enqueue((clock.GetUtcNow(), input));
            return input;
        })
        .Activity("Slow", async input =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            return input;
        })
        .Orchestration("Backoff", async (flow, _) =>
        {
            var began = flow.Now;
            await flow.CallAsync("Try", "x",
                new RetryOptions(TimeSpan.FromHours(12), 5) { BackoffCoefficient = 2, MaxRetryInterval = TimeSpan.FromDays(7) });
            var took = flow.Now - began;
            return $"{TimeSpan.FromHours(Math.Round(took.TotalHours))}";
        })
        .Orchestration("After", async (flow, input) =>
        {
            await flow.SleepAsync(TimeSpan.FromHours(int.Parse(input, CultureInfo.InvariantCulture)));
            return await flow.CallAsync("Note", input);
        })
        .Orchestration("Several", async (flow, input) =>
        {
            var fired = new List<string>();
            await Task.WhenAll(input.Split(' ').Select(async hours =>
            {
                await flow.SleepAsync(TimeSpan.FromHours(int.Parse(hours, CultureInfo.InvariantCulture)));
                fired.Add(hours);
            }));
            return string.Join(',', fired);
        })
        .Orchestration("Now", (flow, _) => Task.FromResult($"{flow.Now:O}"))
        .Orchestration("Daily", async (flow, input) =>
        {
            await flow.SleepAsync(TimeSpan.FromDays(1));
            await flow.CallAsync("Note", input);
            if (input != "5")
            {
                flow.ContinueAsNew($"{int.Parse(input, CultureInfo.InvariantCulture) + 1}");
            }

            return input;
        })
        .Orchestration("Later", async (flow, input) =>
        {
            flow.Signal("Counter", input, "add", "9", TimeSpan.FromHours(5));
            var early = await flow.CallEntityAsync("Counter", input, "get", null);
            await flow.SleepAsync(TimeSpan.FromHours(6));
            return early ?? "none";
        })
        .Orchestration("Race", async (flow, _) =>
        {
            using var stop = new CancellationTokenSource();
            var timer = flow.Context.CreateTimer(flow.Now.AddHours(1), "timer", stop.Token);
            var activity = flow.CallAsync("Slow", "activity");
            var first = await Task.WhenAny(timer, activity);
#pragma warning disable CA1849 // CancelAsync would leave the orchestrator's thread.
            stop.Cancel();
#pragma warning restore CA1849
            return await first;
        });
}
