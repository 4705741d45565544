using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public static class Failing
{
    [Function("Fails")]
    public static IResult Fails([HttpTrigger("get")] HttpRequest request) => throw new InvalidOperationException("secret");
}
