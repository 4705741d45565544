using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Failures;

/// <summary>Failure details by themselves.</summary>
public sealed class FailureDetailsTests
{
    [Fact]
    public void FromException_TakesTypeMessageAndInnerChain()
    {
        var details = TaskFailureDetails.FromException(new InvalidOperationException("outer", new TimeoutException("inner")));

        Assert.Equal("System.InvalidOperationException", details.ErrorType);
        Assert.Equal("outer", details.ErrorMessage);
        Assert.Equal("System.TimeoutException", details.InnerFailure?.ErrorType);
        Assert.Null(details.InnerFailure?.InnerFailure);
        Assert.Equal("System.InvalidOperationException: outer", details.ToString());
    }

    [Theory]
    [InlineData("System.TimeoutException", true)]
    [InlineData("No.Such.Exception", false)]
    [InlineData("", false)]
    public void IsCausedBy_TypeByName_IsSoughtAmongLoadedTypes(string errorType, bool expected) =>
        Assert.Equal(expected, new TaskFailureDetails(errorType, "message", null, null, null).IsCausedBy<Exception>());

    [Fact]
    public void IsCausedBy_NoExceptionType_Throws() =>
        Assert.Throws<ArgumentException>(() => new TaskFailureDetails("System.TimeoutException", "message", null, null, null).IsCausedBy(typeof(string)));

    [Fact]
    public void TaskFailedException_WithDetails_NamesTaskNumberAndMessage()
    {
        var exception = new TaskFailedException("Pay", 7, new TaskFailureDetails("System.TimeoutException", "too slow", null, null, null));

        Assert.Equal("Task 'Pay' (#7) failed with an unhandled exception: too slow", exception.Message);
        Assert.Equal("Pay", exception.TaskName);
        Assert.Equal(7, exception.TaskId);
        Assert.True(exception.FailureDetails.IsCausedBy<TimeoutException>());
    }
}
