using Chard.LocalHost.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Chard.LocalHost.Durable;

/// <summary>The durable extension's own HTTP API, at the path where Azure has it.</summary>
internal sealed class ManagementApi(IEnumerable<IExtensionConfigProvider> extensions, KeyCheck keys)
{
    public const string Path = "/runtime/webhooks/durabletask";

    private readonly IAsyncConverter<HttpRequestMessage, HttpResponseMessage>? api =
        extensions.OfType<DurableTaskExtension>().SingleOrDefault();

    public async Task HandleAsync(HttpContext context)
    {
        if (api is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!keys.AllowsDurable(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var request = Read(context.Request);
        using var response = await api.ConvertAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            context.Response.Headers.Append(name, values.ToArray());
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static HttpRequestMessage Read(HttpRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.GetEncodedUrl())
        {
            Content = new StreamContent(request.Body),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                message.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return message;
    }
}
