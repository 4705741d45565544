using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Chard.Platform;

/// <summary>Registers who may do what.</summary>
public static class AccessServiceCollectionExtensions
{
    /// <summary>Adds the settings <c>Chard:Access</c>, checked when the host starts. Safe to call twice.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton<AccessSettings>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AccessCheck>());
        return services;
    }
}
