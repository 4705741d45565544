using System.Collections.Concurrent;
using Chard.LocalHost.Worker.Protocol;
using Grpc.Core;

namespace Chard.LocalHost.Worker;

/// <summary>Where workers call. Only one that was told its id by this host is listened to.</summary>
internal sealed class WorkerService(WorkerService.Expected expected) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (await requestStream.MoveNext(context.CancellationToken)
            && expected.Channels.TryRemove(requestStream.Current.StartStream?.WorkerId ?? string.Empty, out var channel))
        {
            await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
        }
    }

    /// <summary>The channels of workers that were started and have not called yet, by worker id.</summary>
    internal sealed class Expected
    {
        public ConcurrentDictionary<string, WorkerChannel> Channels { get; } = new();
    }
}
