using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Chard.Domain.Failures;
using FsCheck;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.Failures;

public sealed class FailureClassifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<Exception, FailureKind, string> Cases => new()
    {
        { new PermanentTaskException("InvalidSku", "no such article"), FailureKind.Permanent, "InvalidSku" },
        { new TransientTaskException("db-busy", "later"), FailureKind.Transient, "db-busy" },
        { new RateLimitedTaskException("quota", "later", null), FailureKind.RateLimited, "quota" },
        { Http(HttpStatusCode.BadRequest), FailureKind.Permanent, "http-400" },
        { Http(HttpStatusCode.Unauthorized), FailureKind.Permanent, "http-401" },
        { Http(HttpStatusCode.NotFound), FailureKind.Permanent, "http-404" },
        { Http(HttpStatusCode.RequestTimeout), FailureKind.Transient, "http-408" },
        { Http(HttpStatusCode.Conflict), FailureKind.Permanent, "http-409" },
        { Http((HttpStatusCode)425), FailureKind.Transient, "http-425" },
        { Http(HttpStatusCode.TooManyRequests), FailureKind.RateLimited, "http-429" },
        { Http(HttpStatusCode.InternalServerError), FailureKind.Transient, "http-500" },
        { Http(HttpStatusCode.BadGateway), FailureKind.Transient, "http-502" },
        { Http(HttpStatusCode.ServiceUnavailable), FailureKind.Transient, "http-503" },
        { Http(HttpStatusCode.ServiceUnavailable, "7"), FailureKind.RateLimited, "http-503" },
        { Http(HttpStatusCode.Redirect), FailureKind.Permanent, "http-302" },
        { new HttpRequestException(HttpRequestError.ConnectionError, "refused"), FailureKind.Transient, "http-connection-error" },
        { new HttpRequestException(
            HttpRequestError.NameResolutionError, "unknown host"), FailureKind.Transient, "http-name-resolution-error" },
        { new SocketException((int)SocketError.ConnectionReset), FailureKind.Transient, "socket-connection-reset" },
        { new IOException("pipe is broken"), FailureKind.Transient, "io" },
        { new FileNotFoundException("gone"), FailureKind.Permanent, "file-not-found" },
        { new TimeoutException("too slow"), FailureKind.Transient, "timeout" },
        { new TaskCanceledException("HttpClient.Timeout", new TimeoutException("100 seconds elapsing")), FailureKind.Transient, "timeout" },
        { new TaskCanceledException("a token of its own"), FailureKind.Transient, "cancelled" },
        { new TestDbException(transient: true, "40001"), FailureKind.Transient, "db-40001" },
        { new TestDbException(transient: false, "42P01"), FailureKind.Permanent, "db-42P01" },
        { new TestDbException(transient: true, null), FailureKind.Transient, "db" },
        { new ArgumentNullException("x"), FailureKind.Permanent, "invalid-argument" },
        { new UriFormatException("no host"), FailureKind.Permanent, "invalid-format" },
        { new JsonException("no brace"), FailureKind.Permanent, "invalid-json" },
        { new InvalidDataException("bad block"), FailureKind.Permanent, "invalid-data" },
        { new NotSupportedException("no"), FailureKind.Permanent, "not-supported" },
        { new UnauthorizedAccessException("no"), FailureKind.Permanent, "access-denied" },
        { new OverflowException("too big"), FailureKind.Permanent, "arithmetic" },
        { new InvalidOperationException("never seen"), FailureKind.Transient, "InvalidOperationException" },
        { new InvalidOperationException(
            "wrapped", new SocketException((int)SocketError.TimedOut)), FailureKind.Transient, "socket-timed-out" },
        { new InvalidOperationException("wrapped", new FormatException("bad")), FailureKind.Permanent, "invalid-format" },
        { new HttpRequestException("503", new PermanentTaskException("closed", "the shop is gone"), HttpStatusCode.ServiceUnavailable),
            FailureKind.Permanent, "closed" },
        { new AggregateException(new TimeoutException("t"), new PermanentTaskException("p", "p")), FailureKind.Permanent, "p" },
        { new AggregateException(new TimeoutException("t"), new FormatException("f")), FailureKind.Permanent, "invalid-format" },
        { new AggregateException(Http(HttpStatusCode.TooManyRequests), new TimeoutException("t")), FailureKind.Transient, "timeout" },
        { new AggregateException(new InvalidOperationException("u")), FailureKind.Transient, "InvalidOperationException" },
        { new AggregateException(), FailureKind.Transient, "AggregateException" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Classify_KnownException_GivesKindAndCode(Exception exception, FailureKind kind, string code)
    {
        TaskFailure failure = FailureClassifier.Plain.Classify(exception, new(Now));

        Assert.Equal((kind, code), (failure.Kind, failure.Code));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Sun, 22 Nov 2026 12:05:00 GMT", 300)]
    [InlineData("Sun, 22 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("Sunday, 22-Nov-26 12:00:30 GMT", 30)]
    [InlineData("Sun Nov 22 12:00:10 2026", 10)]
    public void Classify_RetryAfterOfRateLimit_IsReadAsSecondsOrDate(string header, double seconds)
    {
        TaskFailure failure = FailureClassifier.Plain.Classify(Http(HttpStatusCode.TooManyRequests, header), new(Now));

        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("")]
    [InlineData(null)]
    public void Classify_RetryAfterThatSaysNothing_LeavesTheWaitToThePolicy(string? header)
    {
        TaskFailure failure = FailureClassifier.Plain.Classify(Http(HttpStatusCode.TooManyRequests, header), new(Now));

        Assert.Equal((FailureKind.RateLimited, (TimeSpan?)null), (failure.Kind, failure.RetryAfter));
    }

    [Fact]
    public void Classify_SeveralRateLimits_TakesTheLongestWait()
    {
        var all = new AggregateException(
            new RateLimitedTaskException("a", "a", TimeSpan.FromSeconds(5)),
            new RateLimitedTaskException("b", "b", TimeSpan.FromSeconds(50)), new RateLimitedTaskException("c", "c", null));

        Assert.Equal(TimeSpan.FromSeconds(50), FailureClassifier.Plain.Classify(all, new(Now)).RetryAfter);
    }

    [Fact]
    public void Classify_CancelledByTheTimeLimit_IsToldFromAnyOtherCancel()
    {
        var cancelled = new OperationCanceledException();

        Assert.Equal("time-limit", FailureClassifier.Plain.Classify(cancelled, new(Now, TimeLimitReached: true)).Code);
        Assert.Equal("cancelled", FailureClassifier.Plain.Classify(cancelled, new(Now)).Code);
    }

    [Fact]
    public void Classify_RegisteredRule_WinsOverBuiltInButNotOverExplicit()
    {
        var classifier = new FailureClassifier([new RefuseIo()]);

        Assert.Equal("full-disk", classifier.Classify(new IOException("no space"), new(Now)).Code);
        Assert.Equal("full-disk", classifier.Classify(new InvalidOperationException("outer", new IOException("no space")), new(Now)).Code);
        Assert.Equal("own", classifier.Classify(new IOException("no space", new TransientTaskException("own", "x")), new(Now)).Code);
    }

    [Fact]
    public void Classify_DeepChain_Ends()
    {
        Exception chain = new FormatException("bottom");
        for (int i = 0; i < 10_000; i++)
        {
            chain = new InvalidOperationException("level", chain);
        }

        Assert.Equal(FailureKind.Transient, FailureClassifier.Plain.Classify(chain, new(Now)).Kind);
    }

    [Property]
    public bool Parse_WhatToExceptionGave_IsTheFailure(FailureKind kind, NonNull<string> code, string? message)
    {
        TaskFailure failure = new TaskFailure(kind, code.Get, message ?? "").Trimmed();

        TaskFailureException thrown = failure.ToException();

        return TaskFailure.Parse(thrown.GetType().FullName, thrown.Message) == failure;
    }

    [Property]
    public bool Classify_AnyHttpStatus_RetriesOnlyWhatMaySucceed(int seed)
    {
        int status = 300 + (int)((uint)seed % 300);
        FailureKind kind = FailureClassifier.Plain.Classify(Http((HttpStatusCode)status), new(Now)).Kind;

        return (kind != FailureKind.Permanent) == (status is 408 or 425 or 429 or >= 500);
    }

    [Theory]
    [InlineData("ActivityTaskNotFound", "No activity task named 'N' was found.", FailureKind.Permanent, "ActivityTaskNotFound")]
    [InlineData("System.IO.IOException", "broken: pipe", FailureKind.Transient, "IOException")]
    [InlineData("(unknown)", "(unknown)", FailureKind.Transient, "-unknown-")]
    [InlineData(null, null, FailureKind.Transient, "unknown")]
    public void Parse_WhatNoRunnerThrew_IsTransientUnlessThereIsNoFunction(string? type, string? message, FailureKind kind, string code)
    {
        TaskFailure failure = TaskFailure.Parse(type, message);

        Assert.Equal((kind, code), (failure.Kind, failure.Code));
    }

    private static HttpRequestException Http(HttpStatusCode status, string? retryAfter = null)
    {
        var exception = new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"status {(int)status}"), null, status);
        exception.Data[RetryAfter.DataKey] = retryAfter;
        return exception;
    }

    private sealed class RefuseIo : IFailureRule
    {
        public TaskFailure? Classify(Exception exception, FailureContext context) =>
            exception is IOException ? new(FailureKind.Permanent, "full-disk", exception.Message) : null;
    }

    private sealed class TestDbException(bool transient, string? state) : DbException("database says no")
    {
        public override bool IsTransient => transient;

        public override string? SqlState => state;
    }
}
