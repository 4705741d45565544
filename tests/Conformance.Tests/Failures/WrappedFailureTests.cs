using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Failures;

/// <summary>Failures of failures: wrapped ones, those of children's children, those of values.</summary>
public sealed class WrappedFailureTests : DurableTest
{
    [Fact]
    public async Task TaskFailure_WrappedByTheOrchestrator_LosesWhatTheTaskTold()
    {
        var metadata = await RunAsync(tasks => WithFailing(tasks).AddOrchestratorFunc(Main, async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Fail");
            }
            catch (TaskFailedException exception)
            {
                throw new InvalidOperationException("wrapped", exception);
            }
        }));

        var failure = Failure(metadata);
        Assert.Equal("System.InvalidOperationException: wrapped", failure.ToString());
        Assert.Equal(typeof(TaskFailedException).FullName, failure.InnerFailure?.ErrorType);
        Assert.Equal("Task 'Fail' (#0) failed with an unhandled exception: too slow", failure.InnerFailure?.ErrorMessage);
        Assert.DoesNotContain(Levels(failure), level => level.IsCausedBy<TimeoutException>());
    }

    [Fact]
    public async Task TaskFailure_ThroughTwoChildren_IsWrappedOnceALevel()
    {
        var metadata = await RunAsync(tasks => WithFailing(tasks)
            .AddOrchestratorFunc("Inner", async context => await context.CallActivityAsync<string>("Fail"))
            .AddOrchestratorFunc("Outer", async context => await context.CallSubOrchestratorAsync<string>("Inner"))
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Outer")));

        var wrapper = typeof(TaskFailedException).FullName!;
        Assert.Equal([wrapper, wrapper, wrapper, "System.TimeoutException", "System.IO.IOException"], Levels(Failure(metadata)).Select(level => level.ErrorType));
        Assert.StartsWith("Task 'Outer' (#0) failed with an unhandled exception: Task 'Inner' (#0) failed", metadata.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_InAnActivity_IsAFailureLikeAnyOther()
    {
        var metadata = await RunAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<string>("Cancel"))
            .AddActivityFunc("Cancel", async _ =>
            {
                await Task.Yield();
                return Throw<string>(new TaskCanceledException("gave up"));
            }));

        Assert.Equal("System.Threading.Tasks.TaskCanceledException: gave up", Failure(metadata).InnerFailure?.ToString());
    }

    [Fact]
    public async Task Aggregate_InAnActivity_KeepsItsFirstInnerException()
    {
        var metadata = await RunAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<string>("Many"))
            .AddActivityFunc("Many", _ => Throw<string>(new AggregateException(new IOException("one"), new TimeoutException("two")))));

        Assert.Equal(["System.AggregateException", "System.IO.IOException"], Levels(Failure(metadata)).Skip(1).Select(level => level.ErrorType));
    }

    [Fact]
    public async Task Filters_AndHandlers_SeeTheSameDetails()
    {
        var seen = await ResultAsync<string[]>(tasks => WithFailing(tasks)
            .AddOrchestratorFunc("Child", async context => await context.CallActivityAsync<string>("Fail"))
            .AddOrchestratorFunc(Main, async context =>
            {
                List<string> told = [];
                bool Tell(TaskFailureDetails failure)
                {
                    told.Add(string.Join(" < ", Levels(failure).Select(level => level.ErrorType.Split('.')[^1])));
                    return false;
                }

                var policy = TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(1)) { HandleFailure = Tell });
                var handler = TaskOptions.FromRetryHandler((RetryContext retry) => Tell(retry.LastFailure));
                await CatchAsync<TaskFailedException>(context.CallActivityAsync("Fail", options: policy));
                await CatchAsync<TaskFailedException>(context.CallActivityAsync("Fail", options: handler));
                await CatchAsync<TaskFailedException>(context.CallSubOrchestratorAsync("Child", options: policy));
                await CatchAsync<TaskFailedException>(context.CallSubOrchestratorAsync("Child", options: handler));
                return told.ToArray();
            }));

        const string activity = "TimeoutException < IOException";
        const string child = "TaskFailedException < " + activity;
        Assert.Equal([activity, activity, child, child], seen!);
    }

    [Fact]
    public async Task Value_OfAnActivityThatCannotBeWritten_FailsIt()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await CatchAsync<TaskFailedException>(context.CallActivityAsync("Cycle"))).FailureDetails.ErrorType)
            .AddActivityFunc("Cycle", _ => new Cycle()));

        Assert.Equal("System.Text.Json.JsonException", result);
    }

    [Fact]
    public async Task Value_OfAnOrchestratorThatCannotBeWritten_FailsIt()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => new Cycle()));

        Assert.Equal("System.Text.Json.JsonException", Failure(metadata).ErrorType);
    }

    [Fact]
    public async Task Input_OfACallThatCannotBeWritten_ThrowsInTheOrchestrator()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await CatchAsync<Exception>(context.CallActivityAsync("Take", new Cycle()))).GetType().FullName)
            .AddActivityFunc<object, string>("Take", (_, _) => "taken"));

        Assert.Equal("System.Text.Json.JsonException", result);
    }

    [Fact]
    public async Task Input_OfAnotherShape_FailsTheOrchestrator()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc<int, int>(Main, (_, input) => input), "text");

        Assert.Equal("System.Text.Json.JsonException", Failure(metadata).ErrorType);
    }

    [Fact]
    public async Task Input_OfAnotherShape_FailsTheActivity()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await CatchAsync<TaskFailedException>(context.CallActivityAsync("Number", "text"))).FailureDetails.ErrorType)
            .AddActivityFunc<int, int>("Number", (_, input) => input));

        Assert.Equal("System.Text.Json.JsonException", result);
    }

    private static DurableTaskRegistry WithFailing(DurableTaskRegistry tasks) =>
        tasks.AddActivityFunc("Fail", _ => Throw<string>(new TimeoutException("too slow", new IOException("disk"))));

    private static IEnumerable<TaskFailureDetails> Levels(TaskFailureDetails? details)
    {
        for (; details is not null; details = details.InnerFailure)
        {
            yield return details;
        }
    }

    private sealed class Cycle
    {
        public Cycle Self => this;
    }
}
