using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Chard.LocalHost;

/// <summary>
/// The host's part of a trace, as on Azure: requests and what the durable engine does between two functions. Without it, each function's
/// spans would be a trace of their own. Only where somebody asks for telemetry, for spans cost the engine time.
/// </summary>
internal static class HostTelemetry
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>True if the app sends its telemetry anywhere.</summary>
    public static bool IsWanted(IDictionary<string, string?> settings) =>
        Has(settings, Collector) || Has(settings, "APPLICATIONINSIGHTS_CONNECTION_STRING");

    /// <summary>
    /// Begins to make spans, and sends them to the collector where there is one; to Application Insights only the app sends, and its spans
    /// belong together all the same. Null if nobody asks for them.
    /// </summary>
    public static IDisposable? Start(FunctionsHostOptions options, IConfiguration configuration)
    {
        if (!IsWanted(options.Settings))
        {
            return null;
        }

        var builder = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddService("functions-host").AddEnvironmentVariableDetector())
            .AddSource("DurableTask.Core", "WebJobs.Extensions.DurableTask")
            .AddAspNetCoreInstrumentation(requests => requests.Filter =
                context => context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
            .AddProcessor(new WithoutMessages());
        if (Has(options.Settings, Collector))
        {
            builder.AddOtlpExporter();
        }

        return builder.Build();
    }

    private static bool Has(IDictionary<string, string?> settings, string name) =>
        settings.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value);

    /// <summary>The engine writes the messages of failed functions into its spans, and they may hold anything.</summary>
    private sealed class WithoutMessages : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data is { Status: ActivityStatusCode.Error, StatusDescription: not null })
            {
                data.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}
