using System.Reflection;
using Chard.Domain.Limits;
using Chard.Platform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Limits;

/// <summary>Registers limits.</summary>
public static class LimitServiceCollectionExtensions
{
    /// <summary>
    /// Adds the limits of settings <c>Chard:Limits</c> and of <see cref="AddLimitsOf"/>, and what looks after them. Safe to call twice.
    /// </summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => LimitCatalogue.Create(
            Settings(provider.GetRequiredService<IConfiguration>()),
            provider.GetServices<LimitedTasks>().SelectMany(t => t.Types).Distinct()
                .Select(t => t.GetCustomAttribute<TaskLimitAttribute>()).OfType<TaskLimitAttribute>()));
        services.TryAddSingleton<LimitReview>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, LimitSweep>());
        return services;
    }

    /// <summary>Adds what tasks say of their limits, by <see cref="TaskLimitAttribute"/>.</summary>
    public static IServiceCollection AddLimitsOf(this IServiceCollection services, IEnumerable<Type> tasks) =>
        services.AddSingleton(new LimitedTasks(tasks));

    private static Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> Settings(IConfiguration configuration) =>
        configuration.GetSection(LimitCatalogue.Section).GetChildren().ToDictionary(
            limit => limit.Key,
            IReadOnlyList<KeyValuePair<string, string?>> (limit) =>
                [.. limit.GetChildren().Select(s => KeyValuePair.Create(s.Key, s.Value))],
            StringComparer.OrdinalIgnoreCase);

    /// <summary>Classes that may say what their limits are.</summary>
    private sealed record LimitedTasks(IEnumerable<Type> Types);
}
