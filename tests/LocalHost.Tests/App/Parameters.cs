using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public static class Parameters
{
    [Function("Mix")]
    public static IResult Mix(
        [HttpTrigger("post", Route = "mix/{id}")] HttpRequest request, long id, bool flag,
        [Microsoft.Azure.Functions.Worker.Http.FromBody] Person person) =>
        TypedResults.Text($"{id} {flag} {person.FirstName}");
}
