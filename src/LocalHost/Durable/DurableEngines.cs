using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Durable;

/// <summary>Makes the engine known to the durable extension, which picks it by the name of its type.</summary>
internal static class DurableEngines
{
    public static void Register(IServiceCollection services, FunctionsHostOptions options)
    {
    }

    /// <summary>Lets the engine commit nothing more.</summary>
    public static void Abandon(IServiceProvider? services)
    {
    }
}
