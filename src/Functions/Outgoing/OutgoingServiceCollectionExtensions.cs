using Chard.Domain.Outgoing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Outgoing;

/// <summary>Registers what talks to URLs that callers give.</summary>
public static class OutgoingServiceCollectionExtensions
{
    /// <summary>Adds the guarded client and downloads, with settings <c>Chard:Outgoing</c>. Safe to call twice.</summary>
    public static IServiceCollection AddOutgoing(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<OutgoingOptions>().BindConfiguration(OutgoingOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutgoingOptions>, OutgoingOptionsValidator>());
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.TryAddSingleton<OutgoingHttp>();
        services.TryAddSingleton<IFileDownloads, HttpFileDownloads>();
        return services;
    }
}
