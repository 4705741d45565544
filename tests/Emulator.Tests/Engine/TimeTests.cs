using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Tests.Engine;

/// <summary>Timers, put-off starts and idleness, under a clock that only the test moves.</summary>
public sealed class TimeTests
{
    [Fact]
    public async Task WeekOfBackoff_PassesByMovingTheClock()
    {
        var time = new ManualTime();
        var tries = 0;
        await using var test = await EngineUnderTest.StartAsync(
            new TestFunctions()
                .Activity<int, int>("Flaky", x => Interlocked.Increment(ref tries) < 8 ? throw new TimeoutException() : x)
                .Orchestrator("Patient", async context =>
                {
                    var began = context.CurrentUtcDateTime;
                    await context.CallActivityAsync<int>("Flaky", 1, TaskOptions.FromRetryPolicy(new RetryPolicy(8, TimeSpan.FromHours(24), maxRetryInterval: TimeSpan.FromDays(2))));
                    return context.CurrentUtcDateTime - began;
                }),
            options => options.TimeProvider = time);
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Patient");

        await SkipAsync(test, time);

        Assert.Equal(TimeSpan.FromDays(7), (await test.EndAsync(id)).ReadOutputAs<TimeSpan>());
    }

    [Fact]
    public async Task LongTimer_IsChained_AndFiresOnTime()
    {
        var time = new ManualTime();
        await using var test = await EngineUnderTest.StartAsync(
            new TestFunctions().Orchestrator("Sleep", async context =>
            {
                var until = context.CurrentUtcDateTime.AddDays(10);
                await context.CreateTimer(until, CancellationToken.None);
                return context.CurrentUtcDateTime == until;
            }),
            options => options.TimeProvider = time);
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
        await test.Engine.WhenIdleAsync(CancellationToken.None);
        Assert.Equal(time.GetUtcNow().AddDays(3), test.Engine.NextTimerDue);

        await SkipAsync(test, time);

        Assert.True((await test.EndAsync(id)).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task StartAt_StaysPendingUntilDue_ThroughARestart()
    {
        var time = new ManualTime();
        await using var test = await EngineUnderTest.StartAsync(
            new TestFunctions().Orchestrator("Later", context => Task.FromResult(context.CurrentUtcDateTime)),
            options => options.TimeProvider = time);
        var due = time.GetUtcNow().AddHours(5);
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Later", new StartOrchestrationOptions(StartAt: due));
        await test.StartEngineAsync();
        await test.Engine.WhenIdleAsync(CancellationToken.None);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await test.Client.GetInstanceAsync(id))!.RuntimeStatus);
        Assert.Equal(due, test.Engine.NextTimerDue);

        await SkipAsync(test, time);

        Assert.Equal(due.UtcDateTime, (await test.EndAsync(id)).ReadOutputAs<DateTime>());
    }

    [Fact]
    public async Task CancelledTimer_WakesNobody_AlsoAfterARestart()
    {
        var time = new ManualTime();
        await using var test = await EngineUnderTest.StartAsync(
            new TestFunctions().Orchestrator("Listen", async context =>
            {
                await context.WaitForExternalEvent<int>("first", TimeSpan.FromDays(1));
                return await context.WaitForExternalEvent<int>("second");
            }),
            options => options.TimeProvider = time);
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Listen");
        await test.Client.RaiseEventAsync(id, "first", 1);
        await test.Engine.WhenIdleAsync(CancellationToken.None);
        Assert.Null(test.Engine.NextTimerDue);

        await test.StartEngineAsync();
        Assert.Null(test.Engine.NextTimerDue);
        await test.Client.RaiseEventAsync(id, "second", 2);

        Assert.Equal(2, (await test.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task TimeoutsThatNeverFire_DoNotPileUp()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions().Orchestrator("Listen", async context =>
        {
            for (var i = 0; i < 3000; i++)
            {
                using var giveUp = new CancellationTokenSource();
                var timeout = context.CreateTimer(TimeSpan.FromDays(1), giveUp.Token);
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
#pragma warning disable CA1849 // CancelAsync would leave the orchestrator's thread.
                giveUp.Cancel();
#pragma warning restore CA1849
            }

            return 0;
        }));

        await test.RunAsync("Listen");

        Assert.InRange(test.Engine.Runtime.Timers.Count, 0, 2000);
    }

    private static async Task SkipAsync(EngineUnderTest test, ManualTime time)
    {
        await test.Engine.WhenIdleAsync(CancellationToken.None);
        while (test.Engine.NextTimerDue is { } due)
        {
            time.MoveTo(due);
            await test.Engine.WhenIdleAsync(CancellationToken.None);
        }
    }
}
