using Chard.Domain.Failures;
using Chard.Functions.Outgoing;

namespace Chard.Functions.Tests.Outgoing;

public sealed class AnswerFailuresTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public void Of_Success_IsNull(int status) => Assert.Null(AnswerFailures.Of(status, null, Now, "X"));

    [Theory]
    [InlineData(301, FailureKind.Permanent)]
    [InlineData(307, FailureKind.Permanent)]
    [InlineData(400, FailureKind.Permanent)]
    [InlineData(404, FailureKind.Permanent)]
    [InlineData(408, FailureKind.Transient)]
    [InlineData(410, FailureKind.Permanent)]
    [InlineData(425, FailureKind.Transient)]
    [InlineData(429, FailureKind.RateLimited)]
    [InlineData(500, FailureKind.Transient)]
    [InlineData(503, FailureKind.Transient)]
    public void Of_Failure_HasItsKindAndTheStatusAsCode(int status, FailureKind kind)
    {
        TaskFailureException failure = AnswerFailures.Of(status, null, Now, "The receiver")!;

        Assert.Equal(kind, failure.Kind);
        Assert.Equal($"http-{status}", failure.Code);
        Assert.StartsWith($"The receiver answered {status}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "17", 17)]
    [InlineData(503, "17", 17)]
    [InlineData(429, "Sun, 01 Mar 2026 12:01:30 GMT", 90)]
    [InlineData(429, "Sun, 01 Mar 2026 11:00:00 GMT", 0)]
    public void Of_AnswerWithAHint_IsARateLimitWithIt(int status, string header, int seconds)
    {
        var failure = Assert.IsType<RateLimitedTaskException>(AnswerFailures.Of(status, header, Now, "X"));

        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
    }
}
