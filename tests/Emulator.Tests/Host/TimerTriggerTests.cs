using System.Collections.Concurrent;
using Chard.Emulator.Functions.Timers;
using Chard.Emulator.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Tests.Host;

public sealed class TimerTriggerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T12:05:00Z")]
    [InlineData("*/5 * * * *", "2026-03-01T12:05:00Z")]
    [InlineData("15 0 12 * * *", "2026-03-02T12:00:15Z")]
    [InlineData("0 0 9 * * Mon-Fri", "2026-03-02T09:00:00Z")]
    [InlineData("00:30:00", "2026-03-01T12:30:30Z")]
    public void Next_OfEachFormOfSchedule_IsTheFirstTimeAfter(string schedule, string next)
    {
        Assert.Equal(DateTimeOffset.Parse(next, null), TimerSchedule.Parse(schedule, TimeZoneInfo.Utc)!.Next(Start));
    }

    [Theory]
    [InlineData("2026-03-28T10:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-24T10:00:00Z", "2026-10-25T01:30:00Z")]
    public void Next_WhereTheClockChanges_RunsOnceADay(string after, string next)
    {
        // 02:30 does not exist on the 29th of March and exists twice on the 25th of October.
        var schedule = TimerSchedule.Parse("0 30 2 * * *", EuropeanZone())!;

        var first = schedule.Next(DateTimeOffset.Parse(after, null));

        Assert.Equal(DateTimeOffset.Parse(next, null), first);
        Assert.True(schedule.Next(first!.Value) - first > TimeSpan.FromHours(22));
    }

    [Fact]
    public async Task Run_MissedWhileTheHostWasDown_IsMadeUpForOnce()
    {
        await using var host = await StartAsync(typeof(Hourly));
        await host.Time!.AdvanceAsync(TimeSpan.FromMinutes(90));
        Assert.Equal([false], Take(host).Select(run => run.IsPastDue));

        await host.StopAsync();
        host.Time.JumpTo(host.Time.GetUtcNow().AddHours(5));
        await host.StartAsync();

        await Eventually.TrueAsync(() => !Runs(host).IsEmpty, "the missed run");
        await host.Time.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal([true, false, false], Take(host).Select(run => run.IsPastDue));
    }

    [Fact]
    public async Task Restart_BetweenTwoRuns_RunsNothingExtra()
    {
        await using var host = await StartAsync(typeof(Hourly));
        await host.Time!.AdvanceAsync(TimeSpan.FromMinutes(70));

        await host.RestartAsync();
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(Take(host));
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(60));

        var run = Assert.Single(Take(host));
        Assert.Equal(13, run.Last.Hour);
        Assert.Equal(14, run.Next.Hour);
    }

    [Fact]
    public async Task RunOnStartup_RunsAtTheStartAndThenOnSchedule()
    {
        await using var host = await StartAsync(typeof(AtStartup));

        await Eventually.TrueAsync(() => !Runs(host).IsEmpty, "the run at the start");

        // The hour counts from the end of the run, which may still be to come.
        await host.Time!.AdvanceAsync(TimeSpan.FromMinutes(61));

        Assert.Equal(2, Take(host).Length);
    }

    [Fact]
    public async Task Run_LongerThanItsInterval_IsNotOverlapped()
    {
        await using var host = await StartAsync(typeof(Slow));
        var log = host.Services.GetRequiredService<Log>();

        await host.Time!.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Single(log.Runs);
        log.Gate.SetResult();
        await Eventually.TrueAsync(() => log.Ended == 1, "the first run");
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(4, log.Runs.Count);
    }

    [Fact]
    public async Task Function_ThatIsDisabled_IsLeftOut()
    {
        await using var host = await StartAsync(typeof(Hourly), o => o.Settings["AzureWebJobs.Hourly.Disabled"] = "true");

        await host.Time!.AdvanceAsync(TimeSpan.FromHours(3));

        Assert.Empty(Take(host));
    }

    [Fact]
    public async Task Run_ThatThrows_DoesNotEndTheSchedule()
    {
        await using var host = await StartAsync(typeof(Throwing));

        await host.Time!.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(3, Take(host).Length);
    }

    private static Task<FunctionsTestHost> StartAsync(Type functions, Action<FunctionsTestHostOptions>? configure = null) => HostApp.StartAsync(
        [functions],
        o =>
        {
            o.SkipTime = true;
            o.StartTime = Start;
            o.Settings["HOURLY"] = "01:00:00";
            configure?.Invoke(o);
        },
        b => b.Services.AddSingleton<Log>());

    private static ConcurrentQueue<Run> Runs(FunctionsTestHost host) => host.Services.GetRequiredService<Log>().Runs;

    private static Run[] Take(FunctionsTestHost host)
    {
        var all = Runs(host).ToArray();
        Runs(host).Clear();
        return all;
    }

    private static TimeZoneInfo EuropeanZone()
    {
        var spring = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
        var autumn = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), spring, autumn);
        return TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), "test", "test", "test", [rule]);
    }

    public sealed record Run(bool IsPastDue, DateTime Last, DateTime Next);

    public sealed class Log
    {
        private int ended;

        public ConcurrentQueue<Run> Runs { get; } = new();

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Ended => Volatile.Read(ref ended);

        public void Add(TimerInfo timer) =>
            Runs.Enqueue(new Run(timer.IsPastDue, timer.ScheduleStatus?.Last ?? default, timer.ScheduleStatus?.Next ?? default));

        public void End() => Interlocked.Increment(ref ended);
    }

    public sealed class Hourly(Log log)
    {
        [Function("Hourly")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => log.Add(timer);
    }

    public sealed class AtStartup(Log log)
    {
        [Function("AtStartup")]
        public void Run([TimerTrigger("%HOURLY%", RunOnStartup = true)] TimerInfo timer) => log.Add(timer);
    }

    public sealed class Slow(Log log)
    {
        [Function("Slow")]
        public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer)
        {
            log.Add(timer);
            await log.Gate.Task;
            log.End();
        }
    }

    public sealed class Throwing(Log log)
    {
        [Function("Throwing")]
        public void Run([TimerTrigger("0 * * * * *", UseMonitor = false)] TimerInfo timer)
        {
            log.Add(timer);
            throw new InvalidOperationException("every time");
        }
    }
}
