using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Failures;

/// <summary>What a client and a parent see of an orchestration that failed.</summary>
public sealed class OrchestrationFailureTests : DurableTest
{
    private static readonly string Wrapper = typeof(TaskFailedException).FullName!;

    [Fact]
    public async Task Details_OfItsOwnException_AreThatException()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => Throw<string>(new StockException("none left", new IOException("disk")))));

        var failure = Failure(metadata);
        Assert.Equal(typeof(StockException).FullName, failure.ErrorType);
        Assert.Equal("none left", failure.ErrorMessage);
        Assert.Equal("System.IO.IOException", failure.InnerFailure?.ErrorType);
        Assert.True(failure.IsCausedBy<StockException>());
    }

    [Fact]
    public async Task Details_OfAnUncaughtActivityFailure_WrapTheActivitys()
    {
        var metadata = await RunAsync(tasks => WithActivity(tasks).AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<string>("Take")));

        var failure = Failure(metadata);
        Assert.Equal(Wrapper, failure.ErrorType);
        Assert.Equal("Task 'Take' (#0) failed with an unhandled exception: none left", failure.ErrorMessage);
        Assert.False(failure.IsCausedBy<StockException>());
        Assert.Equal(typeof(StockException).FullName, failure.InnerFailure?.ErrorType);
        Assert.Equal("none left", failure.InnerFailure?.ErrorMessage);
        Assert.True(failure.InnerFailure?.IsCausedBy<StockException>());
        Assert.Equal("System.IO.IOException", failure.InnerFailure?.InnerFailure?.ErrorType);
    }

    [Fact]
    public async Task Output_OfAFailedInstance_IsThePlainMessage()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => Throw<string>(new StockException("none left"))));

        Assert.Equal("none left", metadata.SerializedOutput);
        Assert.Throws<JsonException>(() => metadata.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Details_ReadWithoutOutputs_AreLeftOut()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => Throw<string>(new StockException("none left"))));
        var id = (await RunAsync(client)).InstanceId;

        var metadata = await client.GetInstanceAsync(id, Deadline);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, metadata?.RuntimeStatus);
        Assert.Null(metadata?.FailureDetails);
        Assert.Null(metadata?.SerializedOutput);
    }

    [Fact]
    public async Task Parent_OfAFailedChild_SeesTheChildsDetailsAsTheyAre()
    {
        var seen = await ResultAsync<string[]>(tasks => WithActivity(tasks)
            .AddOrchestratorFunc("Child", async context => await context.CallActivityAsync<string>("Take"))
            .AddOrchestratorFunc(Main, async context =>
            {
                var exception = await CatchAsync<TaskFailedException>(context.CallSubOrchestratorAsync<string>("Child"));
                var details = exception.FailureDetails;
                return new[]
                {
                    exception.TaskName,
                    details.ErrorType,
                    details.IsCausedBy<StockException>().ToString(),
                    details.InnerFailure!.IsCausedBy<StockException>().ToString(),
                    (exception.InnerException is null).ToString(),
                };
            }));

        Assert.Equal(["Child", Wrapper, "False", "True", "True"], seen!);
    }

    [Fact]
    public async Task Parent_OfAChildThatThrew_SeesThatException()
    {
        var seen = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc("Child", _ => Throw<string>(new StockException("none left")))
            .AddOrchestratorFunc(Main, async context =>
                (await CatchAsync<TaskFailedException>(context.CallSubOrchestratorAsync<string>("Child"))).FailureDetails.ToString()));

        Assert.Equal($"{typeof(StockException).FullName}: none left", seen);
    }

    [Fact]
    public async Task Parent_OfATerminatedChild_GetsAFailureWithoutDetails()
    {
        var started = new TaskCompletionSource();
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", async context =>
            {
                started.TrySetResult();
                return await context.WaitForExternalEvent<string>("Never");
            })
            .AddOrchestratorFunc(Main, async context =>
            {
                var exception = await CatchAsync<TaskFailedException>(context.CallSubOrchestratorAsync("Child", new SubOrchestrationOptions(instanceId: "the-child")));
                return exception.FailureDetails is null;
            }));
        var id = await BeginAsync(client);
        await started.Task.WaitAsync(Deadline);

        await client.TerminateInstanceAsync("the-child", Deadline);

        Assert.True(Output<bool>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Parent_OfAMissingChild_IsToldTheName()
    {
        var seen = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<TaskFailedException>(context.CallSubOrchestratorAsync("Nowhere"))).FailureDetails.ToString()));

        Assert.Equal("OrchestratorTaskNotFound: No orchestrator task named 'Nowhere' was found.", seen);
    }

    private static DurableTaskRegistry WithActivity(DurableTaskRegistry tasks) =>
        tasks.AddActivityFunc("Take", _ => Throw<string>(new StockException("none left", new IOException("disk"))));

    private sealed class StockException(string message, Exception? inner = null) : Exception(message, inner);
}
