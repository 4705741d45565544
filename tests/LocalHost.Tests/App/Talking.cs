using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

/// <summary>HTTP functions that take their time.</summary>
public sealed class Talking(Once once)
{
    [Function("Begins")]
    public async Task Begins([HttpTrigger("get")] HttpRequest request)
    {
        await request.HttpContext.Response.WriteAsync("first ");
        await request.HttpContext.Response.Body.FlushAsync();
        await once.RunAsync();
        await request.HttpContext.Response.WriteAsync("last");
    }

    [Function("Hears")]
    public async Task<IResult> Hears([HttpTrigger("post")] HttpRequest request)
    {
        var first = await request.Body.ReadAsync(new byte[1]);
        once.Begun.SetResult();
        using var rest = new StreamReader(request.Body);
        return TypedResults.Text($"{first} {(await rest.ReadToEndAsync()).Length}");
    }

    [Function("WaitsForEnd")]
    public async Task WaitsForEnd([HttpTrigger("get")] HttpRequest request, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource();
        await using var registration = cancellation.Register(ended.SetResult);
        once.Begun.SetResult();
        await ended.Task;
        once.Gate.SetResult();
    }

    [Function("BreaksOff")]
    public static async Task BreaksOff([HttpTrigger("get")] HttpRequest request)
    {
        await request.HttpContext.Response.WriteAsync("half");
        throw new InvalidOperationException("of it");
    }

    [Function("Slowly")]
    public async Task<IResult> Slowly([HttpTrigger("get")] HttpRequest request)
    {
        await once.RunAsync();
        return TypedResults.Text("done");
    }

    [Function("Describes")]
    public static IResult Describes([HttpTrigger("get")] HttpRequest request) =>
        TypedResults.Text($"{request.Scheme}://{request.Host}{request.Path} {request.Headers["x-ms-invocation-id"]}");
}
