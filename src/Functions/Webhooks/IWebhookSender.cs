using Chard.Domain.Failures;

namespace Chard.Functions.Webhooks;

/// <summary>Sends a call to a URL that a caller gave, under <see cref="Outgoing.OutgoingRules"/>. Redirects are not followed.</summary>
public interface IWebhookSender
{
    /// <summary>Posts JSON and gives the answer, whatever its status.</summary>
    /// <exception cref="PermanentTaskException">Code <c>address-refused</c>: nothing was sent.</exception>
    /// <exception cref="TransientTaskException">No answer came: codes <c>timeout</c>, <c>connection-failed</c>. The
    /// receiver may have got the call.</exception>
    Task<WebhookAnswer> PostAsync(
        string url,
        IReadOnlyDictionary<string, string> headers,
        byte[] body,
        CancellationToken cancellationToken);
}

/// <summary>An answer to a call.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="RetryAfter">Header <c>Retry-After</c>; null if absent.</param>
/// <param name="ContentType">Media type of the body; null if it has none.</param>
/// <param name="Body">Up to 64 KiB of the body, as text.</param>
/// <param name="Truncated">True if the body was longer.</param>
public sealed record WebhookAnswer(int Status, string? RetryAfter, string? ContentType, string Body, bool Truncated);

/// <summary>The operator's signing secrets.</summary>
public interface IWebhookSecrets
{
    /// <summary>The secret of that name, or the nameless one for null.</summary>
    /// <exception cref="PermanentTaskException">Code <c>webhook-secret-missing</c>; the message names
    /// the setting to add.</exception>
    WebhookSecret Get(string? name);
}
