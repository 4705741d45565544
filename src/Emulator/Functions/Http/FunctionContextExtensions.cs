using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>ASP.NET Core's side of an HTTP invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>The HTTP context; null where the function was not started by a request.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue("HttpRequestContext", out var value) ? value as HttpContext : null;
    }
}
