using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Canvases;

/// <summary>Registers canvases.</summary>
public static class CanvasServiceCollectionExtensions
{
    /// <summary>Makes <c>{"canvas":…}</c> a start. Safe to call twice.</summary>
    public static IServiceCollection AddCanvases(this IServiceCollection services)
    {
        services.TryAddSingleton<ChunkResults>();
        return services.AddStartKind<CanvasStartKind>();
    }
}
