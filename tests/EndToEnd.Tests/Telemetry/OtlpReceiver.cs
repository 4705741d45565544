using System.Collections.Concurrent;
using Chard.EndToEnd.Tests.Telemetry.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chard.EndToEnd.Tests.Telemetry;

/// <summary>A collector of OpenTelemetry on loopback: takes OTLP over HTTP, and keeps all of it, read and as it came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>The spans, each with its source's name.</summary>
    public ConcurrentQueue<(string Source, Span Span)> Spans { get; } = new();

    /// <summary>The last of each instrument.</summary>
    public ConcurrentDictionary<string, Metric> Metrics { get; } = new();

    /// <summary>The lines of logs.</summary>
    public ConcurrentQueue<LogRecord> Logs { get; } = new();

    /// <summary>The bodies of all requests.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    /// <summary>Where it listens.</summary>
    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<OtlpReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", request => receiver.TakeAsync(request, receiver.Traces));
        app.MapPost("/v1/metrics", request => receiver.TakeAsync(request, receiver.Measured));
        app.MapPost("/v1/logs", request => receiver.TakeAsync(request, receiver.Logged));
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Bodies.Enqueue(body.ToArray());
        take(body.ToArray());
    }

    private void Traces(byte[] body)
    {
        foreach (ScopeSpans scope in TracesRequest.Parser.ParseFrom(body).ResourceSpans.SelectMany(r => r.ScopeSpans))
        {
            foreach (Span span in scope.Spans)
            {
                Spans.Enqueue((scope.Scope.Name, span));
            }
        }
    }

    private void Measured(byte[] body)
    {
        foreach (Metric metric in MetricsRequest.Parser.ParseFrom(body).ResourceMetrics
            .SelectMany(r => r.ScopeMetrics).SelectMany(s => s.Metrics))
        {
            Metrics[metric.Name] = metric;
        }
    }

    private void Logged(byte[] body)
    {
        foreach (LogRecord line in LogsRequest.Parser.ParseFrom(body).ResourceLogs
            .SelectMany(r => r.ScopeLogs).SelectMany(s => s.LogRecords))
        {
            Logs.Enqueue(line);
        }
    }
}
