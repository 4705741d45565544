using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests.App;

public sealed class Scoped(ScopeCounter counter, IServiceProvider services)
{
    private int calls;

    [Function("Scope")]
    public IResult Scope([HttpTrigger("get")] HttpRequest request, FunctionContext context)
    {
        Assert.Same(counter, services.GetRequiredService<ScopeCounter>());
        Assert.Same(counter, context.InstanceServices.GetRequiredService<ScopeCounter>());
        Assert.Same(counter, request.HttpContext.RequestServices.GetRequiredService<ScopeCounter>());
        return TypedResults.Text($"{counter.Id} {++calls}");
    }
}
