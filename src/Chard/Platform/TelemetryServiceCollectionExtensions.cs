using Azure.Data.Tables;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Chard.Platform;

/// <summary>
/// Sends what the app tells of itself, by OpenTelemetry: logs, the instruments and the spans of <see cref="TelemetryNames"/>, and those of
/// outgoing calls.
/// </summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>Setting that names the Application Insights resource.</summary>
    public const string ConnectionStringSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    // The span of a start, which the orchestration's is a child of.
    private const string DurableClient = "Microsoft.DurableTask";

    /// <summary>Setting that names an OpenTelemetry collector, such as <c>http://localhost:4318</c>.</summary>
    public const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Adds Azure Monitor's exporter if <see cref="ConnectionStringSetting"/> is set, on Azure with the app's identity (that of
    /// <c>AZURE_CLIENT_ID</c> if it is set), and OTLP's if <see cref="CollectorSetting"/> is. With neither nothing listens and nothing is
    /// sent, which is right on a developer's machine.
    /// </summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        bool hasMonitor = !string.IsNullOrWhiteSpace(configuration[ConnectionStringSetting]);
        bool hasCollector = !string.IsNullOrWhiteSpace(configuration[CollectorSetting]);
        if (!hasMonitor && !hasCollector)
        {
            return services;
        }

        // Of the platform only what is wrong: its lines of requests hold their queries, with function keys.
        services.AddLogging(logging => logging
            .AddFilter<OpenTelemetryLoggerProvider>("Microsoft", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("System", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("Azure", LogLevel.Warning));
        services.AddOptions<HttpClientTraceInstrumentationOptions>().Configure<IServiceProvider>(OutgoingCalls);
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry();
        telemetry.UseFunctionsWorkerDefaults()
            .WithLogging(logging => logging.AddProcessor(new LogsWithoutFailures()), options => options.IncludeFormattedMessage = true)
            .WithMetrics(metrics => metrics.AddMeter(TelemetryNames.Source))
            .WithTracing(tracing => tracing
                .AddSource(TelemetryNames.Source, DurableClient)
                .AddHttpClientInstrumentation()
                .AddProcessor(new SpansWithoutValues()));
        if (hasMonitor)
        {
            telemetry.UseAzureMonitorExporter(monitor =>
            {
                monitor.ConnectionString = configuration[ConnectionStringSetting];
                if (Cloud.IsAzure(configuration))
                {
                    monitor.Credential = new DefaultAzureCredential();
                }
            });
        }

        if (hasCollector)
        {
            telemetry.UseOtlpExporter();
        }

        return services;
    }

    /// <summary>
    /// Of outgoing calls those that tasks make: the app's own requests of its storage would be several spans a task, each paid for, and so
    /// would be those of the host. Where a call goes is told by its host alone: path and query may hold arguments.
    /// </summary>
    private static void OutgoingCalls(HttpClientTraceInstrumentationOptions http, IServiceProvider provider)
    {
        var storage = new Lazy<HashSet<string>>(() =>
        [
            provider.GetRequiredService<BlobServiceClient>().Uri.Authority,
            provider.GetRequiredService<QueueServiceClient>().Uri.Authority,
            provider.GetRequiredService<TableServiceClient>().Uri.Authority,
        ]);
        http.FilterHttpRequestMessage = request =>
            request.RequestUri is { } uri
            && request.Content?.Headers.ContentType?.MediaType != "application/grpc"
            && !storage.Value.Contains(uri.Authority);
        http.EnrichWithHttpRequestMessage = (span, request) =>
            span.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Authority));
    }
}
