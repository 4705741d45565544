using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Chard.Testing;

/// <summary>Gives a client what a fault has in store for it.</summary>
internal static class StorageAnswer
{
    private const string Text = "The test made this call fail.";

    private const string RequestId = "x-ms-client-request-id";

    // A client that does not close its end of a broken connection is not waited for.
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(5);

    public static Task GiveAsync(HttpContext context, StorageCall call, StorageFault fault)
    {
        call.Status = fault.Status;
        return fault.Status is { } status ? RefuseAsync(context, call.Service, status, fault.Code) : BreakAsync(context);
    }

    /// <summary>An error as the services word it: XML from blobs and queues, JSON from tables.</summary>
    private static Task RefuseAsync(HttpContext context, StorageService service, int status, string code)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers["x-ms-error-code"] = code;
        response.Headers["x-ms-request-id"] = "test-fault";
        response.Headers[RequestId] = context.Request.Headers[RequestId];
        if (HttpMethods.IsHead(context.Request.Method))
        {
            // The clients would read the body that its type promises.
            return Task.CompletedTask;
        }

        var isTable = service == StorageService.Table;
        var body = isTable
            ? JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["odata.error"] = new { code, message = new { lang = "en-US", value = Text } },
            })
            : Encoding.UTF8.GetBytes(
                $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{Text}</Message></Error>");
        response.ContentType = isTable ? "application/json" : "application/xml";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }

    /// <summary>
    /// Ends the connection within the answer's first line. .NET's own HTTP client sends some requests again when a connection ends before
    /// that, and whoever counts tries would be a few short.
    /// </summary>
    private static async Task BreakAsync(HttpContext context)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var closing = context.RequestAborted.Register(closed.SetResult);
        var output = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;
        await output.WriteAsync("HTTP/1.1"u8.ToArray(), CancellationToken.None);
        await output.CompleteAsync();
        await closed.Task.WaitAsync(ClosingTime, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
