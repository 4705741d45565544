using Chard.Domain.Webhooks;
using Chard.Functions.Outgoing;
using Chard.Functions.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Webhooks;

/// <summary>Registers what calls webhooks.</summary>
public static class WebhookServiceCollectionExtensions
{
    /// <summary>Adds the workflow <c>CallWebhook</c> and what it needs, with settings <c>Chard:Webhooks</c>. Safe to call twice.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOutgoing();
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>());
        services.TryAddSingleton<IWebhookSecrets, ConfiguredWebhookSecrets>();
        services.TryAddSingleton<IWebhookSender, HttpWebhookSender>();
        services.AddWorkflow<CallWebhookWorkflow>();
        return services;
    }
}
