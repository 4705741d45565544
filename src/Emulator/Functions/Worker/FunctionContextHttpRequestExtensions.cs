using Chard.Emulator.Functions.Http;
using Chard.Emulator.Functions.Invocation;
using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The request and response of an HTTP invocation, for middleware.</summary>
public static class FunctionContextHttpRequestExtensions
{
    /// <summary>The request; null where the function was not started by one.</summary>
    public static ValueTask<HttpRequestData?> GetHttpRequestDataAsync(this FunctionContext context) =>
        ValueTask.FromResult(HttpRequestFeature.RequestData(HostFunctionContext.From(context)));

    /// <summary>The response the function has returned; null where it returned none of this type.</summary>
    public static HttpResponseData? GetHttpResponseData(this FunctionContext context) =>
        HostFunctionContext.From(context).Result as HttpResponseData;
}
