using Chard.Domain.Payments;
using Chard.Functions.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Payments;

/// <summary>Registers what charges orders.</summary>
public static class PaymentServiceCollectionExtensions
{
    /// <summary>Adds the workflow <c>ChargeOrder</c> and what it needs, with settings <c>Chard:Payments</c>. Safe to call twice.</summary>
    public static IServiceCollection AddPayments(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<PaymentOptions>().BindConfiguration(PaymentOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PaymentOptions>, PaymentOptionsValidator>());
        services.TryAddSingleton<IPaymentApi, HttpPaymentApi>();
        services.AddWorkflow<ChargeOrderWorkflow>();
        return services;
    }
}
