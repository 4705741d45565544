using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public static class Guarded
{
    [Function("Open")]
    public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => TypedResults.Ok();

    [Function("Unsaid")]
    public static IResult Unsaid([HttpTrigger("get")] HttpRequest request) => TypedResults.Ok();

    [Function("Other")]
    public static IResult Other([HttpTrigger("get")] HttpRequest request) => TypedResults.Ok();

    [Function("Master")]
    public static IResult Master([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => TypedResults.Ok();
}
