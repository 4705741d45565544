using Chard.Platform;
using Chard.Starts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.DeadLetters;

/// <summary>Registers what keeps, resolves and delivers dead letters.</summary>
public static class DeadLetterServiceCollectionExtensions
{
    /// <summary>Adds the store and the service. Safe to call twice.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDeadLetterStore, TableDeadLetterStore>();
        services.TryAddSingleton<DeadLetterDeletion>();
        services.TryAddSingleton<DeadLetterService>();
        services.TryAddSingleton<DeadLetterDelivery>();
        services.TryAddSingleton<DeadLetterNews>();
        services.TryAddSingleton<MessageDeadLetters>();
        services.TryAddSingleton<IRefusedMessages>(provider => provider.GetRequiredService<MessageDeadLetters>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, DeadLetterSweep>());
        return services;
    }
}
