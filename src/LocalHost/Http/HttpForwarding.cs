using Chard.LocalHost.Functions;
using Chard.LocalHost.Worker;
using Chard.LocalHost.Worker.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Chard.LocalHost.Http;

/// <summary>
/// Hands a request to the worker: the invocation by the protocol and the request itself by HTTP, at the same time. The worker pairs them by
/// the
/// invocation's id. Bodies are streamed both ways.
/// </summary>
internal sealed class HttpForwarding(IHttpForwarder forwarder, WorkerPaths paths) : IDisposable
{
    private static readonly ForwarderRequestConfig Config = new()
    {
        // The function's own time limit is the one that counts.
        ActivityTimeout = TimeSpan.FromDays(7),
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    public async Task<InvocationResponse> InvokeAsync(
        WorkerSession worker, FunctionDefinition function, InvocationRequest request, HttpContext context, CancellationToken cancellation)
    {
        foreach (var (name, value) in context.Request.Query)
        {
            request.TriggerMetadata[name] = value.ToString().ToTypedData();
        }

        foreach (var (name, value) in context.GetRouteData().Values)
        {
            request.TriggerMetadata[name] = (value?.ToString()).ToTypedData();
        }

        if (worker.HttpAddress is not { } address)
        {
            var data = await HttpMessages.ReadAsync(context.Request, cancellation);
            request.InputData.Add(new ParameterBinding { Name = function.Trigger.Name, Data = data });
            var answer = await worker.Channel.InvokeAsync(function.Name, request, cancellation);
            await HttpMessages.WriteAsync(function, answer, context.Response, cancellation);
            return answer;
        }

        request.InputData.Add(new ParameterBinding { Name = function.Trigger.Name, Data = new TypedData { Http = new RpcHttp() } });
        var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, cancellation);
        context.Response.RegisterForDispose(ended);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var invocation = worker.Channel.InvokeAsync(function.Name, request, failed.Token);
        var forward = ForwardAsync(new WorkerTransformer(request.InvocationId, paths, invocation));
        context.Features.Set(new Exchange(ended, forward));
        try
        {
            return await invocation;
        }
        finally
        {
            await forward;
        }

        async Task ForwardAsync(WorkerTransformer transformer)
        {
            var error = await forwarder.SendAsync(
                context, address.GetLeftPart(UriPartial.Authority), client, Config, transformer, ended.Token);
            if (error != ForwarderError.None)
            {
                // The function would wait for a request that does not come, or write to nobody.
                await failed.CancelAsync();
            }
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>A request on its way through the worker.</summary>
    internal sealed record Exchange(CancellationTokenSource Ended, Task Forward)
    {
        /// <summary>Ends it, so that the response is the host's again.</summary>
        public async Task EndAsync()
        {
            await Ended.CancelAsync();
            await Forward;
        }
    }
}
