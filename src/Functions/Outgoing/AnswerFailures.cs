using System.Globalization;
using System.Net;
using Chard.Domain.Failures;

namespace Chard.Functions.Outgoing;

/// <summary>
/// The failures that HTTP answers stand for, in words of this project: nothing of an answer's body, which may repeat what was sent.
/// </summary>
public static class AnswerFailures
{
    /// <summary>
    /// The failure of an answer, code <c>http-{status}</c>, of the kind that
    /// <see cref="HttpFailures.Classify"/> says; null for 2xx.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="retryAfter">Header <c>Retry-After</c>; null if absent.</param>
    /// <param name="now">The time that a date in the header counts from.</param>
    /// <param name="who">Who answered, for the message: <c>The payment provider</c>.</param>
    public static TaskFailureException? Of(int status, string? retryAfter, DateTimeOffset now, string who)
    {
        if (status is >= 200 and <= 299)
        {
            return null;
        }

        string message = string.Create(CultureInfo.InvariantCulture, $"{who} answered {status}{Explain(status)}.");
        TaskFailure failure = HttpFailures.Classify((HttpStatusCode)status, RetryAfter.Parse(retryAfter, now), message);
        return failure.Kind switch
        {
            FailureKind.RateLimited => new RateLimitedTaskException(failure.Code, message, failure.RetryAfter),
            FailureKind.Transient => new TransientTaskException(failure.Code, message),
            _ => new PermanentTaskException(failure.Code, message),
        };
    }

    private static string Explain(int status) => status switch
    {
        >= 300 and <= 399 => ": redirects are not followed here, give the final URL",
        410 => ": it is gone for good",
        _ => "",
    };
}
