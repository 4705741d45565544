using System.Net;
using Chard.LocalHost.Worker;
using Chard.LocalHost.Worker.Protocol;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Chard.LocalHost.Http;

/// <summary>The request as the worker wants it, and its answer as the caller should see it.</summary>
internal sealed class WorkerTransformer(string invocationId, WorkerPaths paths, Task<InvocationResponse> invocation) : HttpTransformer
{
    private const string InvocationHeader = "x-ms-invocation-id";

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await Default.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(
            destinationPrefix, paths.Translate(httpContext.Request.Path), httpContext.Request.QueryString);
        proxyRequest.Headers.Remove(InvocationHeader);
        proxyRequest.Headers.Add(InvocationHeader, invocationId);
    }

    /// <summary>
    /// A function that throws leaves an empty 200 behind at the worker: so one is held back until the outcome is known, and becomes a 500.
    /// </summary>
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is { StatusCode: HttpStatusCode.OK, Content.Headers.ContentLength: 0 } && await FailedAsync(cancellationToken))
        {
            httpContext.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return false;
        }

        return await Default.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }

    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) =>
        Default.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);

    private async Task<bool> FailedAsync(CancellationToken cancellation)
    {
        try
        {
            return (await invocation.WaitAsync(cancellation)).Result.Status != StatusResult.Types.Status.Success;
        }
        catch (WorkerLostException)
        {
            return true;
        }
    }
}
