using System.Reflection;
using Chard.LocalHost;
using Grpc.Net.Client;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chard.Testing;

/// <summary>
/// A client of a host's orchestrations, made as the worker makes those of its functions: by gRPC, with the app's serializer.
/// </summary>
internal sealed class EngineClient : IDisposable
{
    private readonly GrpcChannel channel;

    public EngineClient(FunctionsHost host)
    {
        var extension = host.Services.GetServices<IExtensionConfigProvider>().OfType<DurableTaskExtension>().SingleOrDefault()
            ?? throw new InvalidOperationException("The app has no durable functions.");

        // The address that the extension writes into the payload of a durable client's binding; it tells nobody else.
        var address = typeof(DurableTaskExtension).GetMethod("GetLocalRpcAddress", BindingFlags.Instance | BindingFlags.NonPublic)!;
        channel = GrpcChannel.ForAddress(
            (string)address.Invoke(extension, null)!,
            new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        var app = host.WorkerServices!;
        Client = new GrpcDurableTaskClient(
            nameof(EngineClient),
            new GrpcDurableTaskClientOptions
            {
                Channel = channel,
                DataConverter = app.GetRequiredService<IOptions<DurableTaskClientOptions>>().Value.DataConverter,
                EnableEntitySupport = true,
            },
            app.GetRequiredService<ILogger<GrpcDurableTaskClient>>());
    }

    public DurableTaskClient Client { get; }

    public void Dispose() => channel.Dispose();
}
