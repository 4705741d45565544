using Microsoft.Extensions.Configuration;

namespace Chard.Platform;

/// <summary>Tells Azure from a machine of one's own: what is handy here loses data there.</summary>
public static class Cloud
{
    /// <summary>True on Azure Functions, which tells each app its site's name.</summary>
    public static bool IsAzure(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return !string.IsNullOrEmpty(configuration["WEBSITE_SITE_NAME"]) || !string.IsNullOrEmpty(configuration["WEBSITE_INSTANCE_ID"]);
    }
}
