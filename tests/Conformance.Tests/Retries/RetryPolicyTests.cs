using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Retries;

/// <summary>What a policy may be.</summary>
public sealed class RetryPolicyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Constructor_LeastArguments_HasTheDocumentedDefaults()
    {
        var policy = new RetryPolicy(3, Second);

        Assert.Equal(3, policy.MaxNumberOfAttempts);
        Assert.Equal(Second, policy.FirstRetryInterval);
        Assert.Equal(1.0, policy.BackoffCoefficient);
        Assert.Equal(TimeSpan.FromHours(1), policy.MaxRetryInterval);
        Assert.Equal(Timeout.InfiniteTimeSpan, policy.RetryTimeout);
    }

    [Fact]
    public void Constructor_InfiniteMaximums_AreTaken()
    {
        var policy = new RetryPolicy(1, Second, 2, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        Assert.Equal(Timeout.InfiniteTimeSpan, policy.MaxRetryInterval);
        Assert.Equal(Timeout.InfiniteTimeSpan, policy.RetryTimeout);
    }

    [Theory]
    [InlineData(0, 1000, 1.0, null, null)]
    [InlineData(-1, 1000, 1.0, null, null)]
    [InlineData(1, 0, 1.0, null, null)]
    [InlineData(1, -5, 1.0, null, null)]
    [InlineData(1, 1000, 0.99, null, null)]
    [InlineData(1, 1000, 1.0, 999, null)]
    [InlineData(1, 1000, 1.0, null, 999)]
    public void Constructor_OutOfRange_Throws(int attempts, int firstMs, double backoff, int? maxMs, int? timeoutMs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(attempts, TimeSpan.FromMilliseconds(firstMs), backoff, Span(maxMs), Span(timeoutMs)));

    [Fact]
    public void Options_FromPolicyAndHandlers_HoldOneOfThem()
    {
        var policy = new RetryPolicy(3, Second);
        RetryHandler handler = _ => true;
        AsyncRetryHandler asyncHandler = _ => Task.FromResult(true);

        Assert.Same(policy, TaskOptions.FromRetryPolicy(policy).Retry?.Policy);
        Assert.Null(TaskOptions.FromRetryPolicy(policy).Retry?.Handler);
        Assert.NotNull(TaskOptions.FromRetryHandler(handler).Retry?.Handler);
        Assert.Null(TaskOptions.FromRetryHandler(handler).Retry?.Policy);
        Assert.Same(asyncHandler, TaskOptions.FromRetryHandler(asyncHandler).Retry?.Handler);
        Assert.Same(policy, ((TaskRetryOptions)policy).Policy);
    }

    [Fact]
    public void Options_WithInstanceId_KeepTheRetry()
    {
        var options = TaskOptions.FromRetryPolicy(new RetryPolicy(3, Second)).WithInstanceId("child");

        Assert.Equal("child", options.InstanceId);
        Assert.Equal(3, options.Retry?.Policy?.MaxNumberOfAttempts);
        Assert.Equal("other", new SubOrchestrationOptions(options, "other").InstanceId);
        Assert.Equal("child", new SubOrchestrationOptions(options).InstanceId);
    }

    private static TimeSpan? Span(int? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;
}
