using System.Collections.Concurrent;
using Chard.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Harness;

public sealed class SkipTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Retries_OverAWeekOfBackoff_PassAtOnceAndInOrder()
    {
        await using FunctionsTestHost host = await StartAsync();

        string id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessBackoff");
        OrchestrationMetadata done = await host.Durable.WaitForInstanceCompletionAsync(id, true).WaitAsync(Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        DateTimeOffset[] times = [.. Notes(host).Select(n => n.At)];
        Assert.Equal([12, 24, 48, 96], times.Zip(times.Skip(1), (a, b) => (int)Math.Round((b - a).TotalHours)));
    }

    [Fact]
    public async Task Timers_OfSeveralInstances_FireInTheOrderOfTheirTimes()
    {
        await using FunctionsTestHost host = await StartAsync();
        using (host.Time!.Hold())
        {
            foreach (int hours in (int[])[5, 1, 3, 2, 4])
            {
                await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessAfter", hours, new StartOrchestrationOptions($"h{hours}"));
            }
        }

        await Task.WhenAll(Enumerable.Range(1, 5).Select(hours => host.Durable.WaitForInstanceCompletionAsync($"h{hours}")))
            .WaitAsync(Patience);

        Assert.Equal(["1", "2", "3", "4", "5"], Notes(host).Select(n => n.What));
    }

    [Fact]
    public async Task StartAt_NextMonth_StartsThenAndNotBefore()
    {
        await using FunctionsTestHost host = await StartAsync();
        DateTimeOffset due = Start.AddDays(30);

        string id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessAfter", 0, new StartOrchestrationOptions("s", due));
        await host.Durable.WaitForInstanceCompletionAsync(id).WaitAsync(Patience);

        Assert.True(Notes(host).Single().At >= due);
    }

    [Fact]
    public async Task Schedule_AdvancedByADay_RunsEveryTickOnceAndInOrder()
    {
        await using FunctionsTestHost host = await StartAsync(triggers: true);

        await host.Time!.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(Enumerable.Range(1, 24).Select(hour => Start.AddHours(hour)), Notes(host).Select(
            n => new DateTimeOffset(n.At.Ticks - (n.At.Ticks % TimeSpan.TicksPerMinute), default)));
        Assert.True(host.Time.GetUtcNow() >= Start.AddDays(1));
    }

    [Fact]
    public async Task LongPoll_InAnHttpFunction_PassesAtOnce()
    {
        await using FunctionsTestHost host = await StartAsync();

        Assert.Equal("60", await host.Http.GetStringAsync("/api/poll").WaitAsync(Patience));
    }

    [Fact]
    public async Task Work_InAnActivity_IsNotSkippedOver()
    {
        await using FunctionsTestHost host = await StartAsync();

        string id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessRace");

        // An hour's timer runs beside an activity that takes real time: the clock waits for the activity.
        Assert.Equal("activity", (await host.Durable.WaitForInstanceCompletionAsync(id, true).WaitAsync(Patience)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Message_InAQueue_IsNotSkippedOver()
    {
        await using FunctionsTestHost host = await StartAsync(triggers: true);
        using (host.Time!.Hold())
        {
            await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessHungry", new StartOrchestrationOptions("s"));
            await HostTests.SendAsync(host, "s");
        }

        Assert.Equal("fed", (await host.Durable.WaitForInstanceCompletionAsync("s", true).WaitAsync(Patience)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Crash_WhileTimersWait_LetsTheNextStartSkipToThem()
    {
        await using FunctionsTestHost host = await StartAsync();
        using (host.Time!.Hold())
        {
            await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessAfter", 3, new StartOrchestrationOptions("s"));
            await Eventually.TrueAsync(
                "it waits", async () => (await host.Durable.GetInstanceAsync("s"))!.RuntimeStatus == OrchestrationRuntimeStatus.Running);
            await host.CrashAndRestartAsync();
        }

        await host.Durable.WaitForInstanceCompletionAsync("s").WaitAsync(Patience);

        Assert.True(Notes(host).Single().At >= Start.AddHours(3));
    }

    private static ConcurrentQueue<(DateTimeOffset At, string What)> Notes(FunctionsTestHost host) =>
        host.Services.GetRequiredService<HarnessNotes>().All;

    private static Task<FunctionsTestHost> StartAsync(bool triggers = false) => HarnessApp.StartAsync(options =>
    {
        options.SkipTime = true;
        options.StartTime = Start;
        options.UseStorage = triggers;
        options.FunctionTypes = triggers ? [typeof(HarnessFlows), typeof(HarnessTriggers)] : options.FunctionTypes;
    });
}
