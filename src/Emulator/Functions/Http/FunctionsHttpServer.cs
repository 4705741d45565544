using System.Diagnostics;
using System.Net;
using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chard.Emulator.Functions.Http;

/// <summary>Kestrel with a route for every HTTP function and for the host's own endpoints. Bodies are streamed and not limited: that is the app's to decide.</summary>
internal sealed class FunctionsHttpServer(
    HostSettings settings,
    FunctionCatalog catalog,
    HttpFunctionHandler handler,
    IEnumerable<IHostEndpoints> hostEndpoints,
    IServiceProvider services,
    ILoggerFactory loggers) : IAsyncDisposable
{
    private KestrelServer? server;

    /// <summary>Where the server listens, without a trailing slash; known once it has started.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>Starts to listen. <see cref="StartException"/> when the port is taken.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
        options.Limits.MaxRequestBodySize = null;
        // A debugger stopped in a function must not end the upload.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        if (settings.Address is not null || settings.Port == 0)
        {
            options.Listen(settings.Address ?? IPAddress.Loopback, settings.Port);
        }
        else
        {
            options.ListenLocalhost(settings.Port);
        }

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        server = new KestrelServer(Options.Create(options), transport, loggers);
        try
        {
            await server.StartAsync(new Application(BuildPipeline(), services.GetRequiredService<IHttpContextFactory>(), loggers), cancellation);
        }
        catch (IOException error)
        {
            throw new StartException($"Port {settings.Port} cannot be listened on: {error.Message} Choose another with --port N.");
        }

        var bound = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        var port = new UriBuilder(bound).Port;
        var host = settings.Address is null or { IsIPv6LinkLocal: false } && IsAnyOrLoopback(settings.Address) ? "localhost" : settings.Address!.ToString();
        Address = new UriBuilder("http", settings.Port == 0 ? "127.0.0.1" : host, port).Uri;
    }

    /// <summary>Takes no new requests and waits for those under way until the token fires.</summary>
    public Task StopAsync(CancellationToken cancellation) => server?.StopAsync(cancellation) ?? Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        server?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The address of a function, with its route template, as the listing shows it.</summary>
    public string UrlOf(FunctionDescriptor function) =>
        $"{Address.GetLeftPart(UriPartial.Authority)}/{HttpRoute.Template(function, (HttpTriggerAttribute)function.Trigger, settings.HostJson.RoutePrefix)}";

    private static bool IsAnyOrLoopback(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private RequestDelegate BuildPipeline()
    {
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.Use(HideOtherMethods);
        app.UseEndpoints(endpoints =>
        {
            foreach (var function in catalog.Of(TriggerKind.Http))
            {
                Map(endpoints, function, (HttpTriggerAttribute)function.Trigger);
            }

            foreach (var own in hostEndpoints)
            {
                own.Map(endpoints);
            }
        });
        return app.Build();
    }

    private void Map(IEndpointRouteBuilder endpoints, FunctionDescriptor function, HttpTriggerAttribute trigger)
    {
        var pattern = RoutePatternFactory.Parse(HttpRoute.Template(function, trigger, settings.HostJson.RoutePrefix));
        RequestDelegate run = http => handler.RunAsync(http, function, trigger);
        var endpoint = trigger.Methods is { Length: > 0 } methods
            ? endpoints.MapMethods(pattern.RawText!, methods.Select(method => method.ToUpperInvariant()), run)
            : endpoints.Map(pattern, run);
        endpoint.WithDisplayName(function.Name);
    }

    /// <summary>The Functions host answers 404, not 405, where only the method does not match.</summary>
    private static Task HideOtherMethods(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is { DisplayName: "405 HTTP Method Not Supported" })
        {
            http.SetEndpoint(null);
        }

        return next(http);
    }

    /// <summary>Makes and disposes the context of each request.</summary>
    private sealed class Application(RequestDelegate pipeline, IHttpContextFactory contexts, ILoggerFactory loggers) : IHttpApplication<HttpContext>
    {
        private readonly ILogger logger = loggers.CreateLogger("Host.Http");

        public HttpContext CreateContext(IFeatureCollection contextFeatures) => contexts.Create(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            using var activity = new Activity("HttpRequest");
            if (context.Request.Headers.TraceParent is [{ } parent])
            {
                activity.SetParentId(parent);
            }

            activity.Start();
            try
            {
                await pipeline(context);
            }
            catch (Microsoft.AspNetCore.Http.BadHttpRequestException error) when (!context.Response.HasStarted)
            {
                logger.LogWarning("{Method} {Path}: {Reason}", context.Request.Method, context.Request.Path, error.Message);
                context.Response.StatusCode = error.StatusCode;
            }
        }

        public void DisposeContext(HttpContext context, Exception? exception) => contexts.Dispose(context);
    }
}

/// <summary>Endpoints of the host itself, beside the functions'.</summary>
internal interface IHostEndpoints
{
    void Map(IEndpointRouteBuilder endpoints);
}
