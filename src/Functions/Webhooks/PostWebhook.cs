using System.ComponentModel;
using System.Globalization;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Functions.Outgoing;

namespace Chard.Functions.Webhooks;

/// <summary>
/// Calls a webhook with a signed body. At least once: the receiver recognises a repetition by header <c>webhook-id</c>, which is made of
/// the idempotency key.
/// </summary>
[Description("Calls a webhook with a signed body.")]
[TaskPolicy(TimeLimitSeconds = 120)]
public sealed class PostWebhook(IWebhookSender sender, IWebhookSecrets secrets) : ITask<CallWebhookArgs, CallWebhookResult>
{
    /// <inheritdoc/>
    public async Task<CallWebhookResult> RunAsync(CallWebhookArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        InvalidArgs.ThrowIfAny(CallWebhookRules.Check(args));
        string id = CallWebhookRules.Id(context.IdempotencyKey);
        byte[] body = CallWebhookRules.Body(args);
        long timestamp = context.Time.GetUtcNow().ToUnixTimeSeconds();
        var headers = new Dictionary<string, string>(args.Headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase)
        {
            ["webhook-id"] = id,
            ["webhook-timestamp"] = timestamp.ToString(CultureInfo.InvariantCulture),
            ["webhook-signature"] = secrets.Get(args.SecretName).Sign(id, timestamp, body),
        };

        WebhookAnswer answer = await sender.PostAsync(args.Url, headers, body, cancellationToken);
        return AnswerFailures.Of(answer.Status, answer.RetryAfter, context.Time.GetUtcNow(), "The webhook's receiver") is { } failure
            ? throw failure
            : new(id, answer.Status, answer.ContentType, answer.Body, answer.Truncated);
    }
}
