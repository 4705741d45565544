using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;

namespace Chard.Functions.Tests.Harness;

public sealed class HarnessFlows(HarnessNotes notes, TimeProvider time, IConfiguration configuration)
{
    private static int s_turns;

    [Function("HarnessWho")]
    public IResult Who([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "who")] HttpRequest request) =>
        TypedResults.Text(configuration["WHO"]);

    /// <summary>Waits a minute for nothing.</summary>
    [Function("HarnessPoll")]
    public async Task<IResult> Poll([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "poll")] HttpRequest request)
    {
        DateTimeOffset before = time.GetUtcNow();
        await Task.Delay(TimeSpan.FromSeconds(60), time, request.HttpContext.RequestAborted);
        return TypedResults.Text($"{Math.Floor((time.GetUtcNow() - before).TotalSeconds)}");
    }

    /// <summary>Waits an hour beside an activity that takes its time.</summary>
    [Function("HarnessRace")]
    public static async Task<string> Race([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var stop = new CancellationTokenSource();
        Task timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
        Task activity = context.CallActivityAsync("HarnessSlow");
        Task first = await Task.WhenAny(timer, activity);
        stop.Cancel();
        return first == activity ? "activity" : "timer";
    }

    /// <summary>Waits an hour for event <c>food</c>.</summary>
    [Function("HarnessHungry")]
    public static async Task<string> Hungry([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.WaitForExternalEvent<string>("food", TimeSpan.FromHours(1));
        }
        catch (TaskCanceledException)
        {
            return "starved";
        }
    }

    [Function("HarnessBackoff")]
    public static Task Backoff([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync(
        "HarnessTry", TaskOptions.FromRetryPolicy(
            new RetryPolicy(5, TimeSpan.FromHours(12), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromDays(7))));

    [Function("HarnessAfter")]
    public static async Task After([OrchestrationTrigger] TaskOrchestrationContext context, int hours)
    {
        await context.CreateTimer(TimeSpan.FromHours(hours), CancellationToken.None);
        await context.CallActivityAsync<string>("HarnessNote", hours.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Does another thing each time that its code runs.</summary>
    [Function("HarnessFickle")]
    public static async Task Fickle([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (Interlocked.Increment(ref s_turns) % 2 == 1)
        {
            await context.CallActivityAsync<string>("HarnessNote", "1");
        }
        else
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
    }

    [Function("HarnessNote")]
    public string Note([ActivityTrigger] string what)
    {
        notes.Add(what);
        return what;
    }

    [Function("HarnessTry")]
    public void Try([ActivityTrigger] FunctionContext context)
    {
        if (notes.Add("try") < 5)
        {
            throw new TimeoutException("not yet");
        }
    }

    [Function("HarnessSlow")]
    public static Task Slow([ActivityTrigger] FunctionContext context) => Task.Delay(300, context.CancellationToken);
}
