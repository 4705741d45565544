using Chard.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Canvases;

/// <summary>Registers canvases.</summary>
public static class CanvasServiceCollectionExtensions
{
    /// <summary>Makes <c>{"task":…}</c> and <c>{"canvas":…}</c> starts. Safe to call twice.</summary>
    public static IServiceCollection AddCanvases(this IServiceCollection services)
    {
        services.TryAddSingleton<PackResults>();
        services.TryAddSingleton<BeginWorkflow>();
        services.TryAddSingleton<CanvasPlans>();
        return services.AddStartKind<TaskStartKind>().AddStartKind<CanvasStartKind>();
    }
}
