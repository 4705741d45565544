using Chard.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Chard.Schedules;

/// <summary>Registers the schedules of settings <c>Chard:Schedules</c>.</summary>
public static class ScheduleServiceCollectionExtensions
{
    /// <summary>
    /// Adds the catalogue, checked whole when the host starts, and what runs it. Wants storage and workflows. Safe to call twice.
    /// </summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ScheduleCatalogue>();
        services.TryAddSingleton<TableScheduleStore>();
        services.TryAddSingleton<ScheduleRunner>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, RunSchedules>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ScheduleStorageInitializer>());
        return services;
    }
}
