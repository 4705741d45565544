using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Payments;

/// <summary>Registers what charges orders.</summary>
public static class PaymentsSetup
{
    /// <summary>Adds the workflow <c>ChargeOrder</c> and what it needs, with settings <c>Chard:Payments</c>. Safe to call twice.</summary>
    public static ChardBuilder AddPayments(this ChardBuilder chard)
    {
        ArgumentNullException.ThrowIfNull(chard);
        IServiceCollection services = chard.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<PaymentOptions>().BindConfiguration(PaymentOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PaymentOptions>, PaymentOptionsValidator>());
        services.TryAddSingleton<IPaymentApi, HttpPaymentApi>();
        return chard.AddWorkflow<ChargeOrderArgs>(
            nameof(ChargeOrderOrchestrator.ChargeOrder), [nameof(ChargeCard)], ChargeOrderRules.Check);
    }
}
