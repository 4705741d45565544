using Chard.Domain.Failures;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Webhooks;

/// <summary>The secrets of settings <c>Chard:Webhooks</c>.</summary>
public sealed class ConfiguredWebhookSecrets(IOptions<WebhookOptions> options) : IWebhookSecrets
{
    /// <inheritdoc/>
    public WebhookSecret Get(string? name)
    {
        string? text = name is null ? options.Value.Secret : options.Value.Secrets.GetValueOrDefault(name);
        return text is not null
            ? WebhookSecret.Parse(text)
            : throw new PermanentTaskException(
                "webhook-secret-missing",
                $"Calls are signed, but there is no setting {WebhookOptions.Section}:{(name is null ? "Secret" : "Secrets:" + name)}. "
                    + "Make a secret by: echo whsec_$(openssl rand -base64 32)");
    }
}
