using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Chard.LocalHost.Tests.App;

public static class Results
{
    [Function("Minimal")]
    public static IResult Minimal([HttpTrigger("get")] HttpRequest request) => TypedResults.Json(new Person("Ada"));

    [Function("Action")]
    public static Task<IActionResult> Action([HttpTrigger("get")] HttpRequest request) =>
        Task.FromResult<IActionResult>(new OkObjectResult(new Person("Ada")));

    [Function("ResponseData")]
    public static async Task<HttpResponseData> Data([HttpTrigger("get")] HttpRequestData request)
    {
        var response = request.CreateResponse();
        await response.WriteAsJsonAsync(new Person("Ada"));
        return response;
    }

    [Function("Plain")]
    public static string Plain([HttpTrigger("get")] HttpRequest request) => "nobody writes this";
}
