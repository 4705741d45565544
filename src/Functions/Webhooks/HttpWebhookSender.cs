using System.Net.Http.Headers;
using Chard.Functions.Outgoing;

namespace Chard.Functions.Webhooks;

/// <summary>Calls webhooks by the guarded client.</summary>
public sealed class HttpWebhookSender(OutgoingHttp http) : IWebhookSender
{
    /// <inheritdoc/>
    public Task<WebhookAnswer> PostAsync(
        string url, IReadOnlyDictionary<string, string> headers, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (http.Rules.Fault(url, out Uri? target) is { } fault)
        {
            throw OutgoingRules.Refuse(fault);
        }

        return NetworkFaults.TranslateAsync(
            "The webhook's receiver",
            TimeSpan.FromSeconds(http.Options.TimeoutSeconds),
            timeout => ExchangeAsync(target!, headers, body, timeout.Token),
            cancellationToken);
    }

    private async Task<WebhookAnswer> ExchangeAsync(
        Uri url, IReadOnlyDictionary<string, string> headers, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
        (string text, bool truncated) = await BoundedText.ReadAsync(answer.Content, cancellationToken);
        string? retryAfter = answer.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.First() : null;
        return new((int)answer.StatusCode, retryAfter, answer.Content.Headers.ContentType?.MediaType, text, truncated);
    }
}
