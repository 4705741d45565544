using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public static class Items
{
    [Function("Item")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}")] HttpRequest request, int id) =>
        TypedResults.Ok(id);

    [Function("Anything")]
    public static IResult Any([HttpTrigger] HttpRequest request) => TypedResults.Ok();
}
