using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Tests.Host;

public sealed class TimeSkippingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Retries_OverAWeekOfBackoff_PassAtOnceAndInOrder()
    {
        await using var host = await HostApp.StartAsync([typeof(Waiting)], Skipping, b => b.Services.AddSingleton<Notes>());

        var id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("Backoff");
        var done = await host.Durable.WaitForInstanceCompletionAsync(id, true).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        var times = host.Services.GetRequiredService<Notes>().All.Select(note => note.At).ToArray();
        Assert.Equal([12, 24, 48, 96], times.Zip(times.Skip(1), (a, b) => (int)Math.Round((b - a).TotalHours)));
    }

    [Fact]
    public async Task Timers_OfSeveralInstances_FireInTheOrderOfTheirTimes()
    {
        await using var host = await HostApp.StartAsync([typeof(Waiting)], Skipping, b => b.Services.AddSingleton<Notes>());
        using (host.Time!.Hold())
        {
            foreach (var hours in (int[])[5, 1, 3, 2, 4])
            {
                await host.Durable.ScheduleNewOrchestrationInstanceAsync("After", hours, new StartOrchestrationOptions($"h{hours}"));
            }
        }

        await Task.WhenAll(Enumerable.Range(1, 5).Select(hours => host.Durable.WaitForInstanceCompletionAsync($"h{hours}"))).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["1", "2", "3", "4", "5"], host.Services.GetRequiredService<Notes>().All.Select(note => note.What));
    }

    [Fact]
    public async Task StartAt_NextMonth_StartsThenAndNotBefore()
    {
        await using var host = await HostApp.StartAsync([typeof(Waiting)], Skipping, b => b.Services.AddSingleton<Notes>());
        var due = Start.AddDays(30);

        var id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("After", 0, new StartOrchestrationOptions("s", due));
        await host.Durable.WaitForInstanceCompletionAsync(id).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(host.Services.GetRequiredService<Notes>().All.Single().At >= due);
    }

    [Fact]
    public async Task Schedule_AdvancedByADay_RunsEveryTickOnceAndInOrder()
    {
        await using var host = await HostApp.StartAsync([typeof(Scheduled)], Skipping, b => b.Services.AddSingleton<Notes>());

        await host.Time!.AdvanceAsync(TimeSpan.FromDays(1));

        var notes = host.Services.GetRequiredService<Notes>().All.ToArray();
        Assert.Equal(Enumerable.Range(1, 24).Select(hour => Start.AddHours(hour)), notes.Select(note => Trim(note.At)));
        Assert.True(host.Time.GetUtcNow() >= Start.AddDays(1));
    }

    [Fact]
    public async Task LongPoll_InAnHttpFunction_PassesAtOnce()
    {
        await using var host = await HostApp.StartAsync([typeof(Waiting)], Skipping, b => b.Services.AddSingleton<Notes>());

        var answer = await host.Http.GetStringAsync("/api/Poll").WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("60", answer);
    }

    [Fact]
    public async Task Work_InAnActivity_IsNotSkippedOver()
    {
        await using var host = await HostApp.StartAsync([typeof(Waiting)], Skipping, b => b.Services.AddSingleton<Notes>());

        var id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("Race");
        var done = await host.Durable.WaitForInstanceCompletionAsync(id, true).WaitAsync(TimeSpan.FromSeconds(20));

        // An hour's timer runs beside an activity that takes real time: the clock waits for the activity.
        Assert.Equal("activity", done.ReadOutputAs<string>());
    }

    private static void Skipping(Testing.FunctionsTestHostOptions options)
    {
        options.SkipTime = true;
        options.StartTime = Start;
    }

    private static DateTimeOffset Trim(DateTimeOffset moment) => new(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerMinute), moment.Offset);

    public sealed record Note(DateTimeOffset At, string What);

    public sealed class Notes(TimeProvider time)
    {
        public ConcurrentQueue<Note> All { get; } = new();

        public int Add(string what)
        {
            All.Enqueue(new Note(time.GetUtcNow(), what));
            return All.Count;
        }
    }

    public sealed class Waiting(Notes notes, TimeProvider time)
    {
        [Function("Backoff")]
        public static async Task Backoff([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var retry = new RetryPolicy(5, TimeSpan.FromHours(12), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromDays(7));
            await context.CallActivityAsync("Try", TaskOptions.FromRetryPolicy(retry));
        }

        [Function("Try")]
        public void Try([ActivityTrigger] FunctionContext context)
        {
            if (notes.Add("try") < 5)
            {
                throw new TimeoutException("not yet");
            }
        }

        [Function("After")]
        public static async Task After([OrchestrationTrigger] TaskOrchestrationContext context, int hours)
        {
            await context.CreateTimer(TimeSpan.FromHours(hours), CancellationToken.None);
            await context.CallActivityAsync("Note", hours.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        [Function("Note")]
        public void Note([ActivityTrigger] string what) => notes.Add(what);

        [Function("Poll")]
        public async Task<IResult> Poll([HttpTrigger("get")] HttpRequest request)
        {
            var before = time.GetUtcNow();
            await Task.Delay(TimeSpan.FromSeconds(60), time, request.HttpContext.RequestAborted);
            return TypedResults.Text($"{Math.Floor((time.GetUtcNow() - before).TotalSeconds)}");
        }

        [Function("Race")]
        public static async Task<string> Race([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
            var activity = context.CallActivityAsync("Slow");
            var first = await Task.WhenAny(timer, activity);
            stop.Cancel();
            return first == activity ? "activity" : "timer";
        }

        [Function("Slow")]
        public static Task Slow([ActivityTrigger] FunctionContext context) => Task.Delay(300, context.CancellationToken);
    }

    public sealed class Scheduled(Notes notes)
    {
        [Function("Hourly")]
        public void Hourly([TimerTrigger("0 0 * * * *")] TimerInfo timer) => notes.Add("tick");
    }
}
