using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Failures;

/// <summary>What an orchestrator sees of an activity that failed.</summary>
public sealed class ActivityFailureTests : DurableTest
{
    [Fact]
    public async Task Exception_TellsTaskAndFailure()
    {
        var seen = await FailureOfAsync(exception => new FailureText(
            exception.TaskName, exception.TaskId, exception.Message, exception.FailureDetails.ErrorType, exception.FailureDetails.ErrorMessage, exception.FailureDetails.ToString()));

        var type = typeof(OrderException).FullName;
        Assert.Equal(
            new FailureText("Order", 0, "Task 'Order' (#0) failed with an unhandled exception: no such order", type, "no such order", $"{type}: no such order"),
            seen);
    }

    [Fact]
    public async Task Details_HoldTheChainOfInnerExceptions()
    {
        var seen = await FailureOfAsync(exception =>
        {
            var inner = exception.FailureDetails.InnerFailure;
            return $"{inner}, {inner?.InnerFailure}, {inner?.InnerFailure?.InnerFailure is null}";
        });

        Assert.Equal("System.IO.IOException: disk, System.TimeoutException: slow, True", seen);
    }

    [Fact]
    public async Task Details_HoldTheStackTrace()
    {
        var seen = await FailureOfAsync(exception => exception.FailureDetails.StackTrace);

        Assert.Contains(nameof(ActivityFailureTests), seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsCausedBy_LooksAtThisLevelAndItsBaseTypesOnly()
    {
        var seen = await FailureOfAsync(exception => new[]
        {
            exception.FailureDetails.IsCausedBy<OrderException>(),
            exception.FailureDetails.IsCausedBy<InvalidOperationException>(),
            exception.FailureDetails.IsCausedBy<Exception>(),
            exception.FailureDetails.IsCausedBy<IOException>(),
            exception.FailureDetails.IsCausedBy<TimeoutException>(),
            exception.FailureDetails.InnerFailure!.IsCausedBy<IOException>(),
        });

        Assert.Equal(new[] { true, true, true, false, false, true }, seen!);
    }

    [Fact]
    public async Task InnerException_IsNeverTheUsersException()
    {
        var seen = await FailureOfAsync(exception => exception.InnerException is OrderException or IOException or TimeoutException);

        Assert.False(seen);
    }

    [Fact]
    public async Task MissingActivity_IsAFailureWithATypeOfItsOwn()
    {
        var seen = await ResultAsync<string[]>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var exception = await CatchAsync<TaskFailedException>(context.CallActivityAsync("Nowhere"));
            var details = exception.FailureDetails;
            return new[] { details.ErrorType, details.ErrorMessage, details.IsCausedBy<Exception>().ToString() };
        }));

        Assert.Equal(["ActivityTaskNotFound", "No activity task named 'Nowhere' was found.", "False"], seen!);
    }

    [Fact]
    public async Task Failure_Caught_LetsTheOrchestratorCompensate()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("Order");
                }
                catch (TaskFailedException)
                {
                    return await context.CallActivityAsync<string>("Undo");
                }
            })
            .AddActivityFunc("Order", _ => Throw<string>(Fault()))
            .AddActivityFunc("Undo", _ => "undone"));

        Assert.Equal("undone", result);
    }

    [Fact]
    public async Task Failure_OfOneOfAGroup_LeavesTheOthersTheirResults()
    {
        var result = await ResultAsync<string[]>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                var calls = Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<int>("Odd", i)).ToArray();
                var failure = await CatchAsync<TaskFailedException>(Task.WhenAll(calls));
                return calls.Select(call => call.IsCompletedSuccessfully ? $"{call.Result}" : "failed").Append(failure.FailureDetails.ErrorMessage).ToArray();
            })
            .AddActivityFunc<int, int>("Odd", (_, value) => value % 2 == 1 ? Throw<int>(new OrderException($"{value} is odd")) : value));

        Assert.Equal(["0", "failed", "2", "failed", "4"], result!.Take(5));
        Assert.Contains(result!.Last(), new[] { "1 is odd", "3 is odd" });
    }

    [Fact]
    public async Task BadResult_OfTheActivity_FailsTheCall()
    {
        var metadata = await RunAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<int>("Text"))
            .AddActivityFunc("Text", _ => "no number"));

        Assert.NotEmpty(Failure(metadata).ErrorMessage);
    }

    private static OrderException Fault() => new("no such order", new IOException("disk", new TimeoutException("slow")));

    private async Task<T?> FailureOfAsync<T>(Func<TaskFailedException, T> read) => await ResultAsync<T>(tasks => tasks
        .AddOrchestratorFunc(Main, async context => read(await CatchAsync<TaskFailedException>(context.CallActivityAsync("Order"))))
        .AddActivityFunc("Order", _ => Throw<string>(Fault())));

    private sealed record FailureText(string Name, int Id, string Message, string? ErrorType, string ErrorMessage, string Text);

    private sealed class OrderException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
}
