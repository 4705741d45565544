namespace Chard.Conformance.Tests.Timers;

/// <summary>Durable timers.</summary>
public sealed class TimerTests : DurableTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task CreateTimer_Delay_PassesOnTheOrchestrationsClock()
    {
        var passed = await ResultAsync<TimeSpan>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var began = context.CurrentUtcDateTime;
            await context.CreateTimer(Short, CancellationToken.None);
            return context.CurrentUtcDateTime - began;
        }));

        Assert.True(passed >= Short, $"{passed}");
    }

    [Fact]
    public async Task CreateTimer_UtcTime_PassesOnTheOrchestrationsClock()
    {
        var late = await ResultAsync<bool>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var due = context.CurrentUtcDateTime + Short;
            await context.CreateTimer(due, CancellationToken.None);
            return context.CurrentUtcDateTime >= due;
        }));

        Assert.True(late);
    }

    [Fact]
    public async Task CreateTimer_PastTime_FiresAtOnce()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddYears(-1), CancellationToken.None);
            return "fired";
        }));

        Assert.Equal("fired", result);
    }

    [Theory]
    [InlineData(DateTimeKind.Local)]
    [InlineData(DateTimeKind.Unspecified)]
    public async Task CreateTimer_TimeThatIsNotUtc_CountsAsLocal(DateTimeKind kind)
    {
        var late = await ResultAsync<bool>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var due = context.CurrentUtcDateTime + Short;
            await context.CreateTimer(DateTime.SpecifyKind(due.ToLocalTime(), kind), CancellationToken.None);
            return context.CurrentUtcDateTime >= due;
        }));

        Assert.True(late);
    }

    [Fact]
    public async Task CreateTimer_Cancelled_ThrowsToTheAwaiter()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
            stop.Cancel();
            return (await CatchAsync<TaskCanceledException>(timer)).GetType().Name;
        }));

        Assert.Equal(nameof(TaskCanceledException), result);
    }

    [Fact]
    public async Task CreateTimer_TokenThatHasFired_ThrowsToTheAwaiter()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskCanceledException>(context.CreateTimer(TimeSpan.FromDays(1), new CancellationToken(canceled: true)))).GetType().Name));

        Assert.Equal(nameof(TaskCanceledException), result);
    }

    [Fact]
    public async Task CreateTimer_CancelledAfterAnotherTask_LetsTheInstanceEnd()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                using var stop = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
                var work = context.CallActivityAsync<string>("Work");
                await Task.WhenAny(work, timer);
                stop.Cancel();
                return await work;
            })
            .AddActivityFunc("Work", _ => "done in time"));

        Assert.Equal("done in time", result);
    }

    [Fact]
    public async Task CreateTimer_TwoTimers_FireInTheOrderTheyAreDue()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            using var stop = new CancellationTokenSource();
            var late = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
            var early = context.CreateTimer(Short, stop.Token);
            var first = await Task.WhenAny(late, early);
            stop.Cancel();
            return first == early ? "early" : "late";
        }));

        Assert.Equal("early", result);
    }

    [Fact]
    public async Task CreateTimer_Many_AllFire()
    {
        var result = await ResultAsync<int>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var timers = Enumerable.Range(0, 50).Select(i => context.CreateTimer(TimeSpan.FromMilliseconds(i), CancellationToken.None)).ToArray();
            await Task.WhenAll(timers);
            return timers.Count(timer => timer.IsCompletedSuccessfully);
        }));

        Assert.Equal(50, result);
    }
}
