using System.Buffers;
using System.Net;
using Chard.Domain.Failures;

namespace Chard.Functions.Outgoing;

/// <summary>Downloads over HTTP. Follows a bounded number of redirects, each checked like the first URL.</summary>
public sealed class HttpFileDownloads(OutgoingHttp http, TimeProvider time) : IFileDownloads
{
    private const string Who = "The file's server";
    private const int BufferBytes = 80 * 1024;

    /// <inheritdoc/>
    public async Task<long> CopyToAsync(string url, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (http.Rules.Fault(url, out Uri? first) is { } fault)
        {
            throw OutgoingRules.Refuse(fault);
        }

        TimeSpan limit = TimeSpan.FromSeconds(http.Options.TimeoutSeconds);
        return await NetworkFaults.TranslateAsync(
            Who,
            limit,
            async timeout =>
            {
                using HttpResponseMessage answer = await FollowAsync(first!, timeout.Token);
                return await CopyAsync(answer, target, timeout, limit);
            },
            cancellationToken);
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri url, CancellationToken cancellationToken)
    {
        for (int hops = 0; hops <= http.Options.MaxRedirects; hops++)
        {
            // A request of its own for each hop, with nothing of the last: there is no header to forward by mistake.
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
            if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || answer.Headers.Location is not { } location)
            {
                return answer;
            }

            answer.Dispose();
            url = new Uri(url, location);
            if (http.Rules.Fault(url) is { } fault)
            {
                throw OutgoingRules.Refuse($"A redirect is refused. {fault}");
            }
        }

        throw new PermanentTaskException("too-many-redirects", $"The URL leads through more than {http.Options.MaxRedirects} redirects.");
    }

    private async Task<long> CopyAsync(HttpResponseMessage answer, Stream target, CancellationTokenSource timeout, TimeSpan limit)
    {
        string? retryAfter = answer.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.First() : null;
        if (AnswerFailures.Of((int)answer.StatusCode, retryAfter, time.GetUtcNow(), Who) is { } failure)
        {
            throw failure;
        }

        long max = http.Options.MaxDownloadBytes;
        if (answer.Content.Headers.ContentLength > max)
        {
            throw TooLarge(max);
        }

        await using Stream source = await answer.Content.ReadAsStreamAsync(timeout.Token);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long total = 0;
            for (int read; (read = await source.ReadAsync(buffer, timeout.Token)) > 0;)
            {
                total += read;
                if (total > max)
                {
                    throw TooLarge(max);
                }

                // The time limit is for the other side: how long storage takes to write does not count.
                timeout.CancelAfter(Timeout.InfiniteTimeSpan);
                await target.WriteAsync(buffer.AsMemory(0, read), timeout.Token);
                timeout.CancelAfter(limit);
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static PermanentTaskException TooLarge(long max) =>
        new("too-large", $"The file has more than {max} bytes. The operator may allow more by {OutgoingOptions.Section}:MaxDownloadBytes.");
}
