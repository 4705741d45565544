using System.Text.Json;

namespace Chard.Functions.Webhooks;

/// <summary>What to send where. <see cref="CallWebhookRules"/> holds the rules.</summary>
/// <param name="Url">The receiver; an https URL unless the operator allows http.</param>
/// <param name="Payload">Any JSON value: the body, or with <paramref name="Event"/> the member <c>data</c> of the body.</param>
/// <param name="Event">Name of the event, such as <c>order.paid</c>; null to send the payload alone.</param>
/// <param name="Headers">Further headers; none that the call sets itself, and no credentials.</param>
/// <param name="SecretName">Which of the operator's secrets signs (<c>Chard:Webhooks:Secrets:{name}</c>); null for
/// <c>Chard:Webhooks:Secret</c>.</param>
/// <param name="OccurredAt">When the event happened, UTC; with <paramref name="Event"/> the member <c>timestamp</c> of the body.</param>
public sealed record CallWebhookArgs(
    string Url,
    JsonElement Payload,
    string? Event = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    string? SecretName = null,
    DateTimeOffset? OccurredAt = null);

/// <summary>What the receiver answered.</summary>
/// <param name="WebhookId">The id it was sent under; the same at every repetition.</param>
/// <param name="Status">HTTP status, 2xx.</param>
/// <param name="ContentType">Media type of the answer's body; null if it has none.</param>
/// <param name="Body">The answer's body as text, up to 64 KiB of it.</param>
/// <param name="Truncated">True if the body was longer.</param>
public sealed record CallWebhookResult(string WebhookId, int Status, string? ContentType, string Body, bool Truncated);
