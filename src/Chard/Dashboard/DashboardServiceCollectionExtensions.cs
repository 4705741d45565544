using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Dashboard;

/// <summary>Registers the dashboard.</summary>
public static class DashboardServiceCollectionExtensions
{
    /// <summary>Adds the page and its settings. Safe to call twice.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.TryAddSingleton<DashboardFiles>();
        services.TryAddSingleton(provider => new DashboardSettings(provider.GetRequiredService<IConfiguration>()));
        return services;
    }
}
