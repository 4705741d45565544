using System.Collections.Concurrent;
using System.Net;
using Chard.LocalHost.Azurite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Chard.Testing;

/// <summary>
/// Stands before an Azurite and plays the faults of <see cref="StoragePlan"/>s over the wire, so that no client has to know. A door for
/// each service and kind of client; the account is the path's first segment.
/// </summary>
internal sealed class StorageProxy : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Forwarding = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    // Addresses are signed.
    private static readonly UriCreationOptions ToTheLetter = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly ConcurrentDictionary<(string Account, StorageClient Client), StoragePlan> plans = new();
    private readonly Dictionary<(StorageService Service, StorageClient Client), ListenOptions> doors = [];
    private readonly Dictionary<int, (StorageService Service, StorageClient Client)> byPort = [];
    private readonly WebApplication app;
    private readonly IHttpForwarder forwarder;
    private readonly AzuriteProcess azurite;

    // Azurite closes what is idle for five seconds: a connection must not be taken up just then.
    private readonly HttpMessageInvoker storage = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
        UseCookies = false,
        UseProxy = false,
    });

    private StorageProxy(AzuriteProcess azurite)
    {
        this.azurite = azurite;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(Listen);
        app = builder.Build();
        forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(ForwardAsync);
    }

    public static async Task<StorageProxy> StartAsync(AzuriteProcess azurite)
    {
        var proxy = new StorageProxy(azurite);
        await proxy.app.StartAsync();
        foreach (var (door, options) in proxy.doors)
        {
            proxy.byPort[options.IPEndPoint!.Port] = door;
        }

        return proxy;
    }

    /// <summary>Lets a client in to an account.</summary>
    public StoragePlan Open(string account, string key, StorageClient client) =>
        plans.GetOrAdd(
            (account, client),
            _ => new StoragePlan(ConnectionString(account, key, service => doors[(service, client)].IPEndPoint!.Port)));

    /// <summary>Leads past this proxy.</summary>
    public string ConnectionString(string account, string key) => ConnectionString(account, key, PortOf);

    /// <summary>Forgets the plans of an account. What still calls it is let through.</summary>
    public void Close(string account)
    {
        foreach (var client in Enum.GetValues<StorageClient>())
        {
            plans.TryRemove((account, client), out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        storage.Dispose();
    }

    private static Uri WithoutSignature(Uri uri) =>
        uri.Query.Contains("sig=", StringComparison.Ordinal) ? new Uri(uri.GetLeftPart(UriPartial.Path)) : uri;

    private static string ConnectionString(string account, string key, Func<StorageService, int> port) =>
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={key};"
        + string.Concat(Enum.GetValues<StorageService>().Select(
            service => $"{service}Endpoint=http://127.0.0.1:{port(service)}/{account};"));

    private static async Task<bool> IsConditionalAsync(HttpRequest request, string path)
    {
        if (request.Headers.IfMatch.Count > 0)
        {
            return request.Headers.IfMatch != "*";
        }

        if (path != "$batch")
        {
            return false;
        }

        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        body.Position = 0;
        request.Body = body;
        return body.GetBuffer().AsSpan(0, (int)body.Length).IndexOf("If-Match: W/"u8) >= 0;
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        foreach (var service in Enum.GetValues<StorageService>())
        {
            foreach (var client in Enum.GetValues<StorageClient>())
            {
                kestrel.Listen(IPAddress.Loopback, 0, door => doors[(service, client)] = door);
            }
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var (service, client) = byPort[context.Connection.LocalPort];
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var uri = new Uri($"http://{context.Request.Host}{target}", ToTheLetter);
        var (account, path) = Uri.UnescapeDataString(uri.AbsolutePath).Split('/', 3) is [_, var name, var rest]
            ? (name, rest)
            : (string.Empty, string.Empty);
        var plan = plans.GetValueOrDefault((account, client));
        var call = new StorageCall(plan?.NextNumber() ?? 0, service, context.Request.Method, WithoutSignature(uri))
        {
            Path = path,
            IsConditional = await IsConditionalAsync(context.Request, path),
        };
        var fault = plan?.Begin(call);
        if (fault is not null)
        {
            call.IsFaulted = true;
            await (fault.First?.Invoke(call) ?? Task.CompletedTask);
        }

        if (fault is null or { IsHarmless: true } or { IsApplied: true })
        {
            var relay = new Relay(
                plan, call, fault is null or { IsHarmless: true }, new Uri($"http://127.0.0.1:{PortOf(service)}{target}", ToTheLetter));
            plan?.Enter();
            await forwarder.SendAsync(context, relay.Target, storage, Forwarding, relay, context.RequestAborted);
            plan?.Leave();
        }
        else
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }

        if (fault is { IsHarmless: false })
        {
            await StorageAnswer.GiveAsync(context, call, fault);
        }
    }

    private int PortOf(StorageService service) => service switch
    {
        StorageService.Blob => azurite.Endpoint.BlobPort,
        StorageService.Queue => azurite.Endpoint.QueuePort,
        _ => azurite.Endpoint.TablePort,
    };

    /// <summary>Passes a request on as it is, whose address is signed to the letter, and the answer unless it gets lost.</summary>
    private sealed class Relay(StoragePlan? plan, StorageCall call, bool isAnswered, Uri target) : HttpTransformer
    {
        public string Target => target.GetLeftPart(UriPartial.Authority);

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.RequestUri = target;
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;
        }

        public override ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            if (proxyResponse is not null)
            {
                plan?.Answered(call, (int)proxyResponse.StatusCode);
            }

            return isAnswered ? base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken) : ValueTask.FromResult(false);
        }
    }
}
