using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Running;

/// <summary>One counter from 0 numbers everything an execution schedules. A failure tells its number.</summary>
public sealed class TaskIdTests : DurableTest
{
    private static readonly RetryPolicy OneAttempt = new(1, TimeSpan.FromMilliseconds(1));
    private static readonly RetryPolicy TwoAttempts = new(2, TimeSpan.FromMilliseconds(1));

    [Fact]
    public async Task TaskId_FirstCall_IsZero() => Assert.Equal(0, await IdOfFailureAsync(_ => Task.CompletedTask));

    [Fact]
    public async Task TaskId_AfterActivity_IsOne() => Assert.Equal(1, await IdOfFailureAsync(context => context.CallActivityAsync("Nothing")));

    [Fact]
    public async Task TaskId_AfterTimer_IsOne() =>
        Assert.Equal(1, await IdOfFailureAsync(context => context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None)));

    [Fact]
    public async Task TaskId_AfterChild_IsOne() => Assert.Equal(1, await IdOfFailureAsync(context => context.CallSubOrchestratorAsync("Child")));

    [Fact]
    public async Task TaskId_AfterSentEvent_IsOne() => Assert.Equal(1, await IdOfFailureAsync(context =>
    {
        context.SendEvent("nobody-of-this-name", "Hello", "there");
        return Task.CompletedTask;
    }));

    [Fact]
    public async Task TaskId_AfterEventWait_IsZero() => Assert.Equal(0, await IdOfFailureAsync(context =>
    {
        _ = context.WaitForExternalEvent<string>("Never");
        return Task.CompletedTask;
    }));

    [Fact]
    public async Task TaskId_AfterNewGuidAndStatus_IsZero() => Assert.Equal(0, await IdOfFailureAsync(context =>
    {
        context.SetCustomStatus(context.NewGuid());
        return Task.CompletedTask;
    }));

    [Fact]
    public async Task TaskId_AfterEventWaitWithTimeout_CountsItsTimer() => Assert.Equal(1, await IdOfFailureAsync(async context =>
        await CatchAsync<OperationCanceledException>(context.WaitForExternalEvent<string>("Never", TimeSpan.FromMilliseconds(1)))));

    [Fact]
    public async Task TaskId_OfEverything_IsOneSequence() => Assert.Equal(5, await IdOfFailureAsync(async context =>
    {
        await context.CallActivityAsync("Nothing");
        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        await context.CallSubOrchestratorAsync("Child");
        context.SendEvent("nobody-of-this-name", "Hello", "there");
        await context.CallActivityAsync("Nothing");
    }));

    [Fact]
    public async Task TaskId_AfterFailedCallWithoutPolicy_IsOne() => Assert.Equal(1, await IdOfFailureAsync(context => FailAsync(context, null)));

    [Fact]
    public async Task TaskId_AfterPolicyOfOneAttempt_CountsItsHiddenTimer() =>
        Assert.Equal(2, await IdOfFailureAsync(context => FailAsync(context, TaskOptions.FromRetryPolicy(OneAttempt))));

    [Fact]
    public async Task TaskId_AfterPolicyOfTwoAttempts_CountsBothTimers() =>
        Assert.Equal(4, await IdOfFailureAsync(context => FailAsync(context, TaskOptions.FromRetryPolicy(TwoAttempts))));

    [Fact]
    public async Task TaskId_AfterHandleFailureSaidNo_HasNoExtraTimer() =>
        Assert.Equal(1, await IdOfFailureAsync(context => FailAsync(context, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromMilliseconds(1)) { HandleFailure = _ => false }))));

    [Fact]
    public async Task TaskId_OfExhaustedPolicy_IsTheLastAttempts()
    {
        var id = await ResultAsync<int>(tasks => Register(tasks).AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(context.CallActivityAsync("Fail", options: TaskOptions.FromRetryPolicy(TwoAttempts)))).TaskId));

        Assert.Equal(2, id);
    }

    [Fact]
    public async Task TaskId_InNewExecution_StartsAtZero()
    {
        var id = await ResultAsync<int>(
            tasks => Register(tasks).AddOrchestratorFunc<bool, int>(Main, async (context, again) =>
            {
                if (!again)
                {
                    await context.CallActivityAsync("Nothing");
                    context.ContinueAsNew(true);
                    return -1;
                }

                return (await CatchAsync<TaskFailedException>(context.CallActivityAsync("Fail"))).TaskId;
            }),
            false);

        Assert.Equal(0, id);
    }

    private static async Task FailAsync(TaskOrchestrationContext context, TaskOptions? options) =>
        await CatchAsync<TaskFailedException>(context.CallActivityAsync("Fail", null, options));

    private static DurableTaskRegistry Register(DurableTaskRegistry tasks) => tasks
        .AddActivityFunc("Nothing", _ => { })
        .AddActivityFunc("Fail", _ => Throw<string>(new InvalidOperationException("no")))
        .AddOrchestratorFunc("Child", _ => "child");

    private async Task<int> IdOfFailureAsync(Func<TaskOrchestrationContext, Task> before) => await ResultAsync<int>(tasks => Register(tasks)
        .AddOrchestratorFunc(Main, async context =>
        {
            await before(context);
            var failure = await CatchAsync<TaskFailedException>(context.CallActivityAsync("Fail"));
            return failure.TaskId;
        }));
}
