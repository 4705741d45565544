using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public static class Streams
{
    [Function("Measure")]
    public static async Task<IResult> Measure([HttpTrigger("post")] HttpRequest request)
    {
        // The worker's own limit is 30 MB.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var buffer = new byte[81920];
        long total = 0;
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0; total += read)
        {
        }

        return TypedResults.Text($"{total}");
    }
}
