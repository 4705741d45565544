using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Running;

/// <summary>How an instance ends when its code does not end well.</summary>
public sealed class EndingTests : DurableTest
{
    [Fact]
    public async Task Exception_Escaping_FailsTheInstanceAndRunsNothingAgain()
    {
        var runs = 0;

        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, _ =>
        {
            Interlocked.Increment(ref runs);
            return Throw<string>(new NotSupportedException("not here"));
        }));

        var failure = Failure(metadata);
        Assert.Equal(typeof(NotSupportedException).FullName, failure.ErrorType);
        Assert.Equal("not here", failure.ErrorMessage);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Exception_AfterAwait_FailsTheInstance()
    {
        var metadata = await RunAsync(tasks => tasks
            .AddOrchestratorFunc<string>(Main, async context =>
            {
                await context.CallActivityAsync("Nothing");
                throw new NotSupportedException("not here");
            })
            .AddActivityFunc("Nothing", _ => { }));

        Assert.Equal("not here", Failure(metadata).ErrorMessage);
    }

    [Fact]
    public async Task Cancellation_Escaping_FailsWithAnAggregate()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            await context.WaitForExternalEvent<string>("Never", TimeSpan.FromMilliseconds(5))));

        var failure = Failure(metadata);
        Assert.Equal(typeof(AggregateException).FullName, failure.ErrorType);
        Assert.Equal("One or more errors occurred. (A task was canceled.)", failure.ErrorMessage);
        Assert.Equal(typeof(TaskCanceledException).FullName, failure.InnerFailure?.ErrorType);
        Assert.Null(metadata.SerializedOutput);
    }

    [Fact]
    public async Task Cancellation_ThrownByTheCode_FailsAlike()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            return Throw<string>(new OperationCanceledException("my own"));
        }));

        Assert.Equal("One or more errors occurred. (A task was canceled.)", Failure(metadata).ErrorMessage);
    }

    [Fact]
    public async Task Orchestrator_Unknown_IsTakenAndFails()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => 1));
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Nowhere", Deadline);

        var metadata = await EndAsync(client, id);

        var failure = Failure(metadata);
        Assert.Equal("OrchestratorTaskNotFound", failure.ErrorType);
        Assert.Equal("No orchestrator task named 'Nowhere' was found.", failure.ErrorMessage);
        Assert.Null(metadata.SerializedOutput);
    }

    [Fact]
    public async Task Status_WhileWaiting_IsRunning()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<string>("Go")));

        var id = await BeginAsync(client);
        var waiting = await client.GetInstanceAsync(id, Deadline);
        await client.RaiseEventAsync(id, "Go", "gone", Deadline);
        var ended = await EndAsync(client, id);

        Assert.Equal(OrchestrationRuntimeStatus.Running, waiting?.RuntimeStatus);
        Assert.True(waiting?.IsRunning);
        Assert.False(waiting?.IsCompleted);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.False(ended.IsRunning);
        Assert.True(ended.IsCompleted);
    }
}
