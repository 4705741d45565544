using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Platform;

/// <summary>Sends what the app tells of itself to Application Insights.</summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>
    /// Setting that names the Application Insights resource; without it nothing is sent, which is right on a developer's machine.
    /// </summary>
    public const string ConnectionStringSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Adds Application Insights if <see cref="ConnectionStringSetting"/> is set.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return string.IsNullOrWhiteSpace(configuration[ConnectionStringSetting])
            ? services
            : services.AddApplicationInsightsTelemetryWorkerService();
    }
}
