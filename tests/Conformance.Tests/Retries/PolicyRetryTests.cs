using System.Collections.Concurrent;
using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Retries;

/// <summary>Retries by a policy.</summary>
public sealed class PolicyRetryTests : DurableTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    private int calls;

    [Fact]
    public async Task Policy_SuccessBeforeTheLastAttempt_GivesTheResult()
    {
        var result = await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 2).AddOrchestratorFunc(Main, async context =>
            await context.CallActivityAsync<string>("Flaky", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, Soon)))));

        Assert.Equal("call 3", result);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Policy_Exhausted_ThrowsTheLastFailure()
    {
        var metadata = await RunAsync(tasks => WithFlaky(tasks, failures: 10).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(Call(context, new RetryPolicy(3, Soon)))).FailureDetails.ErrorMessage));

        Assert.Equal("failure 3", Output<string>(metadata));
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Policy_OfOneAttempt_RetriesNothing()
    {
        await RunAsync(tasks => WithFlaky(tasks, failures: 10).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(Call(context, new RetryPolicy(1, Soon)))).TaskId));

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task NoPolicy_RetriesNothing()
    {
        await RunAsync(tasks => WithFlaky(tasks, failures: 10).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(context.CallActivityAsync<string>("Flaky"))).TaskId));

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task HandleFailure_SaysNo_StopsAtOnce()
    {
        var policy = new RetryPolicy(5, Soon) { HandleFailure = failure => !failure.IsCausedBy<TimeoutException>() };

        var result = await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 10).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(Call(context, policy))).FailureDetails.ErrorMessage));

        Assert.Equal("failure 1", result);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task HandleFailure_IsAskedAfterEachFailureButTheLast()
    {
        var asked = new ConcurrentBag<string>();
        var policy = new RetryPolicy(3, Soon)
        {
            HandleFailure = failure =>
            {
                asked.Add(failure.ErrorMessage);
                return true;
            },
        };

        await ResultAsync<int>(tasks => WithFlaky(tasks, failures: 10).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(Call(context, policy))).TaskId));

        Assert.Equal(3, calls);
        Assert.Equal(["failure 1", "failure 2"], asked.Distinct().Order());
    }

    [Fact]
    public async Task HandleFailure_WithOneAttempt_IsNeverAsked()
    {
        var asked = 0;
        var policy = new RetryPolicy(1, Soon) { HandleFailure = _ => Interlocked.Increment(ref asked) > 0 };

        await ResultAsync<int>(tasks => WithFlaky(tasks, failures: 10).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(Call(context, policy))).TaskId));

        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task HandleFailure_Throwing_MeansStop()
    {
        var policy = new RetryPolicy(5, Soon) { HandleFailure = _ => Throw<bool>(new InvalidOperationException("the filter is broken")) };

        var result = await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 10).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(Call(context, policy))).FailureDetails.ErrorMessage));

        Assert.Equal("failure 1", result);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task RetryTimeout_PassedDuringTheFirstTry_StopsRetries()
    {
        var policy = new RetryPolicy(100, Soon, retryTimeout: Soon);

        await ResultAsync<int>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await CatchAsync<TaskFailedException>(context.CallActivityAsync("SlowFailure", options: TaskOptions.FromRetryPolicy(policy)))).TaskId)
            .AddActivityFunc("SlowFailure", async _ =>
            {
                Interlocked.Increment(ref calls);
                await Task.Delay(TimeSpan.FromMilliseconds(50), Deadline);
                throw new TimeoutException("too slow");
            }));

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Delay_IsADurableTimerOfAtLeastTheInterval()
    {
        var between = await ResultAsync<TimeSpan>(tasks => WithFlaky(tasks, failures: 2).AddOrchestratorFunc(Main, async context =>
        {
            var began = context.CurrentUtcDateTime;
            await Call(context, new RetryPolicy(3, TimeSpan.FromMilliseconds(20), backoffCoefficient: 2));
            return context.CurrentUtcDateTime - began;
        }));

        // 20 ms, then 20 x 2: on the orchestration's own clock the two delays have passed.
        Assert.True(between >= TimeSpan.FromMilliseconds(60), $"{between}");
    }

    [Fact]
    public async Task MissingActivity_IsNeverRetried()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromHours(1));

        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(context.CallActivityAsync("Nowhere", options: TaskOptions.FromRetryPolicy(policy)))).FailureDetails.ErrorType));

        Assert.Equal("ActivityTaskNotFound", result);
    }

    [Fact]
    public async Task MissingChild_IsNeverRetried()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromHours(1));

        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(context.CallSubOrchestratorAsync("Nowhere", options: TaskOptions.FromRetryPolicy(policy)))).FailureDetails.ErrorType));

        Assert.Equal("OrchestratorTaskNotFound", result);
    }

    [Fact]
    public async Task Child_Retried_KeepsItsInstanceId()
    {
        var ids = new ConcurrentBag<string>();

        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc("Child", context =>
            {
                ids.Add(context.InstanceId);
                return Interlocked.Increment(ref calls) < 3 ? Throw<string>(new TimeoutException("again")) : "third time";
            })
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Child", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, Soon)))));

        Assert.Equal("third time", result);
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task Options_PassedAsInput_AreRefusedInTheTask()
    {
        var result = await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 0).AddOrchestratorFunc(Main, async context =>
        {
            object options = TaskOptions.FromRetryPolicy(new RetryPolicy(5, Soon));
            var call = context.CallActivityAsync<string>("Flaky", options);
            return (await CatchAsync<ArgumentException>(call)).ParamName;
        }));

        Assert.Equal("input", result);
        Assert.Equal(0, calls);
    }

    private static Task<string> Call(TaskOrchestrationContext context, RetryPolicy policy) =>
        context.CallActivityAsync<string>("Flaky", options: TaskOptions.FromRetryPolicy(policy));

    private DurableTaskRegistry WithFlaky(DurableTaskRegistry tasks, int failures) => tasks.AddActivityFunc("Flaky", _ =>
    {
        var call = Interlocked.Increment(ref calls);
        return call <= failures ? Throw<string>(new TimeoutException($"failure {call}")) : $"call {call}";
    });
}
