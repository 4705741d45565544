using Chard.Domain.Failures;
using Chard.Status;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Workflows;

public sealed class WorkflowErrorsTests
{
    private static readonly string Permanent = typeof(PermanentTaskException).FullName!;
    private static readonly string Wrapper = typeof(TaskFailedException).FullName!;

    [Fact]
    public void From_TasksFailure_TakesTheCodeOutOfTheMessage() =>
        Assert.Equal(
            new WorkflowError("InvalidSku", "There is no: X-1", "Reserve"),
            WorkflowErrors.From(new TaskFailureDetails(Permanent, "InvalidSku: There is no: X-1", null, null, null), "Reserve"));

    [Fact]
    public void From_WrappedFailure_FindsTheCause() =>
        Assert.Equal(
            new WorkflowError("http-503", "busy"),
            WorkflowErrors.From(new TaskFailureDetails(
                Wrapper, "Task 'A' (#1) failed", null,
                new TaskFailureDetails(
                    Wrapper, "Task 'B' (#0) failed", null, new TaskFailureDetails(Permanent, "http-503: busy", null, null, null), null),
                null)));

    [Theory]
    [InlineData("System.InvalidOperationException", "code: looks like one")]
    [InlineData("Chard.Domain.Failures.PermanentTaskException", "no code here")]
    [InlineData("Chard.Domain.Failures.PermanentTaskException", "not a code: because of blanks")]
    public void From_NoCode_IsUnhandledWithTheWholeMessage(string type, string message) =>
        Assert.Equal(
            new WorkflowError("unhandled", message), WorkflowErrors.From(new TaskFailureDetails(type, message, null, null, null)));

    [Fact]
    public void From_OrdinaryException_IsUnhandled()
    {
        Assert.Equal(new WorkflowError("unhandled", "boom"), WorkflowErrors.From(new InvalidOperationException("boom")));
        Assert.Equal(new WorkflowError("c", "m"), WorkflowErrors.From(new AggregateException(new PermanentTaskException("c", "m"))));
    }
}
