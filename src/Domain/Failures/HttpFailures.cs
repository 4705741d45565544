using System.Globalization;
using System.Net;

namespace Chard.Domain.Failures;

/// <summary>What an HTTP answer other than success asks for.</summary>
public static class HttpFailures
{
    private const int MaxBodyInMessage = 512;

    /// <summary>
    /// The failure of a status: 408, 425 and 5xx are transient, 429 is a rate limit, and so is a transient one whose answer says when to
    /// come back; all others are permanent. The code is <c>http-{status}</c>.
    /// </summary>
    public static TaskFailure Classify(HttpStatusCode status, TimeSpan? retryAfter, string message)
    {
        int number = (int)status;
        string code = "http-" + number.ToString(CultureInfo.InvariantCulture);
        FailureKind kind = number switch
        {
            429 => FailureKind.RateLimited,
            408 or 425 or >= 500 => retryAfter is null ? FailureKind.Transient : FailureKind.RateLimited,
            _ => FailureKind.Permanent,
        };
        return new(kind, code, message, kind == FailureKind.RateLimited ? retryAfter : null);
    }

    /// <summary>
    /// Returns if <paramref name="response"/> is a success; else throws its failure, with the beginning of its body in the message.
    /// </summary>
    /// <exception cref="TaskFailureException">The status is none of success; the kind is that of <see cref="Classify"/>.</exception>
    public static async Task EnsureSuccessAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(time);
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string? header = response.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
        string body = await BeginningAsync(response.Content, cancellationToken);
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"{response.RequestMessage?.RequestUri?.Host} answered {(int)response.StatusCode} "
                + $"{response.ReasonPhrase}{(body.Length == 0 ? "." : ": ")}{body}");
        throw Classify(response.StatusCode, RetryAfter.Parse(header, time.GetUtcNow()), message).Trimmed().ToException();
    }

    private static async Task<string> BeginningAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
            using var reader = new StreamReader(stream);
            var buffer = new char[MaxBodyInMessage];
            int length = await reader.ReadBlockAsync(buffer.AsMemory(), cancellationToken);
            return new string(buffer, 0, length).Trim();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The status has been heard; a body that breaks off changes nothing about it.
            return "";
        }
    }
}
