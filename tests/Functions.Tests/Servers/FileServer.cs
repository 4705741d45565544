using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Chard.Functions.Tests.Servers;

/// <summary>
/// Serves files: <c>/file</c> the text, <c>/zipped</c> the same compressed, <c>/zeros?bytes=…</c> so many zeros without saying how many,
/// <c>/broken</c> half of what it promises, <c>/stalls</c> a byte and then nothing, <c>/redirect?to=…</c>, <c>/loop</c>, <c>/busy</c>.
/// </summary>
public sealed class FileServer(string address = "127.0.0.1") : LocalServer(address)
{
    /// <summary>What <c>/file</c> holds.</summary>
    public string Text { get; set; } = "name,age\nada,36\n";

    /// <summary>Paths of all requests, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <inheritdoc/>
    protected override async Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        Requests.Enqueue(context.Request.Path);
        switch (context.Request.Path.Value)
        {
            case "/file":
                await response.WriteAsync(Text);
                break;
            case "/zipped":
                response.Headers.ContentEncoding = "gzip";
                await using (var zip = new GZipStream(response.Body, CompressionLevel.Fastest))
                {
                    await zip.WriteAsync(
                        new byte[int.Parse(context.Request.Query["bytes"].ToString(), System.Globalization.CultureInfo.InvariantCulture)]);
                }

                break;
            case "/zeros":
                var block = new byte[64 * 1024];
                long left = long.Parse(context.Request.Query["bytes"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
                for (; left > 0; left -= block.Length)
                {
                    await response.Body.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), context.RequestAborted);
                }

                break;
            case "/broken":
                response.ContentLength = 1000;
                await response.WriteAsync("half");
                await response.Body.FlushAsync();
                context.Abort();
                break;
            case "/stalls":
                response.ContentLength = 1000;
                await response.WriteAsync("x");
                await response.Body.FlushAsync();
                await HangAsync(context);
                break;
            case "/redirect":
                response.StatusCode = 302;
                response.Headers.Location = context.Request.Query["to"].ToString();
                break;
            case "/loop":
                response.StatusCode = 301;
                response.Headers.Location = "/loop";
                break;
            case "/busy":
                response.StatusCode = 429;
                response.Headers.RetryAfter = "9";
                break;
            default:
                response.StatusCode = 404;
                break;
        }
    }
}
