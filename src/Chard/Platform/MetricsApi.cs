using Chard.Domain.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Chard.Platform;

/// <summary>Tells what this instance of the app has measured.</summary>
public sealed class MetricsApi(InstanceMetrics metrics, IConfiguration configuration)
{
    /// <summary>
    /// <c>GET /api/metrics</c>: rates, percentiles and counts of the instance that answers, as JSON; with <c>?format=prometheus</c> or
    /// <c>Accept: text/plain</c> in Prometheus' text format. <c>?history=60</c> adds the last minutes one by one.
    /// </summary>
    [Function("GetMetrics")]
    [Answers(200, 400)]
    public IResult Get([HttpTrigger(AuthorizationLevel.Function, "get", Route = "metrics")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request, "format", "history");
        int minutes = query.Number("history", 0, MinuteRing.Minutes, 0);
        MetricsFormat? format = query.OneOf<MetricsFormat>("format");
        if (query.Problem is { } problem)
        {
            return problem;
        }

        string accept = request.Headers.Accept.ToString();
        format ??= accept.Contains("text/plain", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) 
                ? MetricsFormat.Prometheus
                : MetricsFormat.Json;
        return format == MetricsFormat.Prometheus
            ? Results.Text(PrometheusText.Of(metrics), PrometheusText.ContentType)
            : Results.Json(
                MetricsDocument.Of(metrics, configuration["WEBSITE_INSTANCE_ID"] is { Length: > 0 } id ? id : Environment.MachineName)
                    with { History = minutes == 0 ? null : MinuteDocument.Last(metrics, minutes) },
                TaskJson.Options);
    }

    private enum MetricsFormat
    {
        Json,
        Prometheus,
    }
}
