using System.Collections.Concurrent;
using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Retries;

/// <summary>Retries by a handler: no delay and no limit of their own.</summary>
public sealed class HandlerRetryTests : DurableTest
{
    private int calls;

    [Fact]
    public async Task Handler_WhileTrue_TriesAgainWithoutLimit()
    {
        var result = await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 12).AddOrchestratorFunc(Main, async context =>
            await context.CallActivityAsync<string>("Flaky", options: TaskOptions.FromRetryHandler((RetryContext _) => true))));

        Assert.Equal("call 13", result);
    }

    [Fact]
    public async Task Handler_False_ThrowsTheFailure()
    {
        var result = await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 12).AddOrchestratorFunc(Main, async context =>
        {
            var options = TaskOptions.FromRetryHandler((RetryContext retry) => retry.LastAttemptNumber < 3);
            return (await CatchAsync<TaskFailedException>(context.CallActivityAsync<string>("Flaky", options: options))).FailureDetails.ErrorMessage;
        }));

        Assert.Equal("failure 3", result);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Handler_IsToldTheAttemptAndItsFailure()
    {
        var told = new ConcurrentDictionary<int, string>();

        await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 3).AddOrchestratorFunc(Main, async context =>
            await context.CallActivityAsync<string>("Flaky", options: TaskOptions.FromRetryHandler((RetryContext retry) =>
            {
                told[retry.LastAttemptNumber] = $"{retry.LastFailure.ErrorType} {retry.LastFailure.ErrorMessage} {retry.OrchestrationContext.InstanceId == context.InstanceId} {retry.CancellationToken.CanBeCanceled}";
                return true;
            }))));

        var type = typeof(TimeoutException).FullName;
        Assert.Equal(
            [(1, $"{type} failure 1 True False"), (2, $"{type} failure 2 True False"), (3, $"{type} failure 3 True False")],
            told.OrderBy(item => item.Key).Select(item => (item.Key, item.Value)));
    }

    [Fact]
    public async Task AsyncHandler_MayWaitOnADurableTimer()
    {
        var waited = new ConcurrentDictionary<int, TimeSpan>();
        var pause = TimeSpan.FromMilliseconds(20);

        var result = await ResultAsync<string>(tasks => WithFlaky(tasks, failures: 2).AddOrchestratorFunc(Main, async context =>
        {
            AsyncRetryHandler handler = async retry =>
            {
                waited[retry.LastAttemptNumber] = retry.TotalRetryTime;
                await context.CreateTimer(pause, CancellationToken.None);
                return true;
            };
            return await context.CallActivityAsync<string>("Flaky", options: TaskOptions.FromRetryHandler(handler));
        }));

        Assert.Equal("call 3", result);
        Assert.True(waited[2] - waited[1] >= pause, $"{waited[1]} then {waited[2]}");
    }

    [Fact]
    public async Task Handler_ForAMissingActivity_IsNotAsked()
    {
        var asked = 0;

        var result = await ResultAsync<bool>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var options = TaskOptions.FromRetryHandler((RetryContext _) => Interlocked.Increment(ref asked) > 0);
            await CatchAsync<TaskFailedException>(context.CallActivityAsync<string>("Nowhere", options: options));
            return true;
        }));

        Assert.True(result);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Handler_ForAChild_TriesAgainWithTheSameId()
    {
        var ids = new ConcurrentBag<string>();

        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc("Child", context =>
            {
                ids.Add(context.InstanceId);
                return Interlocked.Increment(ref calls) < 3 ? Throw<string>(new TimeoutException("again")) : "third time";
            })
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Child", options: TaskOptions.FromRetryHandler((RetryContext _) => true))));

        Assert.Equal("third time", result);
        Assert.Single(ids.Distinct());
    }

    private DurableTaskRegistry WithFlaky(DurableTaskRegistry tasks, int failures) => tasks.AddActivityFunc("Flaky", _ =>
    {
        var call = Interlocked.Increment(ref calls);
        return call <= failures ? Throw<string>(new TimeoutException($"failure {call}")) : $"call {call}";
    });
}
