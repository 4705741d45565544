using System.Net;
using System.Net.Sockets;
using Chard.LocalHost.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Http;

/// <summary>The web server: one port for callers, one on the loopback interface alone for the worker's stream.</summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly WebApplication app;

    private Front(WebApplication app) => this.app = app;

    /// <summary>Where callers find it.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where the worker calls.</summary>
    public Uri WorkerAddress { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    /// <summary>
    /// Takes requests from now on and hands them to <paramref name="serve"/>. <see cref="StartException"/> when the port is taken.
    /// </summary>
    public static async Task<Front> StartAsync(
        FunctionsHostOptions options, ILoggerFactory loggers, WorkerService.Expected workers, RequestDelegate serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.AppFolder });
        builder.Services.AddSingleton(loggers).AddSingleton(workers).AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRouting().AddHttpForwarder().AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = null;
            grpc.MaxSendMessageSize = null;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(options.Address, options.Port);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var front = new Front(builder.Build());
        front.app.MapWhen(context => context.Connection.LocalPort == front.WorkerAddress.Port, worker =>
        {
            worker.UseRouting();
            worker.UseEndpoints(routes => routes.MapGrpcService<WorkerService>());
        });
        front.app.Run(serve);
        try
        {
            await front.app.StartAsync();
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await front.DisposeAsync();
            throw new StartException($"Port {options.Port} is in use: stop what uses it, or choose another port.");
        }
        catch (SocketException exception)
        {
            await front.DisposeAsync();
            throw new StartException($"Nothing can listen on {options.Address}, port {options.Port}: {exception.Message}.");
        }

        var addresses = front.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address)).ToArray();
        var everywhere = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        front.Address = everywhere || IPAddress.IsLoopback(options.Address)
            ? new Uri($"http://localhost:{addresses[0].Port}/") : addresses[0];
        front.WorkerAddress = addresses[1];
        return front;
    }

    /// <summary>Ends all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}
