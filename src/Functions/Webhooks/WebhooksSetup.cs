using System.Text.Json;
using Chard.Domain.Tasks;
using Chard.Running;
using Chard.Starts;
using Chard.Functions.Outgoing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Webhooks;

/// <summary>Registers what calls webhooks.</summary>
public static class WebhooksSetup
{
    /// <summary>Adds the workflow <c>CallWebhook</c> and what it needs, with settings <c>Chard:Webhooks</c>. Safe to call twice.</summary>
    public static ChardBuilder AddWebhooks(this ChardBuilder chard)
    {
        ArgumentNullException.ThrowIfNull(chard);
        IServiceCollection services = chard.Services;
        services.AddOutgoing();
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>());
        services.TryAddSingleton<IWebhookSecrets, ConfiguredWebhookSecrets>();
        services.TryAddSingleton<IWebhookSender, HttpWebhookSender>();
        return chard.AddWorkflow<CallWebhookArgs>(
            nameof(CallWebhookOrchestrator.CallWebhook), [nameof(PostWebhook)], CallWebhookRules.Check, Input);
    }

    /// <summary>The call is stored if its payload is large, with the time it was asked for if it says none.</summary>
    private static WorkflowInputMaker<CallWebhookArgs> Input(IServiceProvider services)
    {
        TaskValueStore values = services.GetRequiredService<TaskValueStore>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        return async (start, call, token) => await values.CheckInAsync(
            start.Id,
            "args",
            JsonSerializer.SerializeToUtf8Bytes(call with { OccurredAt = call.OccurredAt ?? time.GetUtcNow() }, TaskJson.Options),
            token);
    }
}
