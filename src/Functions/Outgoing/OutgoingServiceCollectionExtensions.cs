using Microsoft.Extensions.Configuration;
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
        services.AddOptions<OutgoingOptions>()
            .BindConfiguration(OutgoingOptions.Section)
            .Configure<IConfiguration>((options, configuration) =>
            {
                IConfigurationSection section = configuration.GetSection(OutgoingOptions.Section);
                options.AllowedHosts = ListOf(section.GetSection(nameof(OutgoingOptions.AllowedHosts)));
                options.AllowedNetworks = ListOf(section.GetSection(nameof(OutgoingOptions.AllowedNetworks)));
            })
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutgoingOptions>, OutgoingOptionsValidator>());
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.TryAddSingleton<OutgoingHttp>();
        services.TryAddSingleton<IFileDownloads, HttpFileDownloads>();
        return services;
    }

    /// <summary>A list is one text, or as JSON writes it: a list that were read as empty would refuse what the operator allowed.</summary>
    private static string ListOf(IConfigurationSection list) =>
        list.Value ?? string.Join(' ', list.GetChildren().Select(entry => entry.Value));
}
