using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Chard.LocalHost.Tests.App;

public static class WithoutAspNetCore
{
    [Function("Echoes")]
    public static async Task<HttpResponseData> Echoes([HttpTrigger("post", Route = "echoes/{id}")] HttpRequestData request, string id)
    {
        var response = request.CreateResponse(HttpStatusCode.Created);
        response.Headers.Add("x-seen", request.Headers.GetValues("x-sent"));
        await response.WriteStringAsync(
            $"{request.Method} {request.Url.AbsolutePath} {id} {request.Query["q"]} {await request.ReadAsStringAsync()}");
        return response;
    }
}
