using Chard.LocalHost.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;

namespace Chard.LocalHost.Http;

/// <summary>The app's HTTP functions by their routes. A path that fits none, also for its method, is 404.</summary>
internal sealed class HttpFunctions(
    IReadOnlyList<HttpFunction> functions, string prefix, KeyCheck keys, IJobHost jobs, CancellationToken ending)
{
    /// <summary>The pipeline that serves them.</summary>
    public RequestDelegate Build(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.Use(next => context =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<HttpFunction>() is not null)
            {
                return next(context);
            }

            // ASP.NET Core has an endpoint of its own for the wrong method.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(functions.Select(EndpointOf))));
        return app.Build();
    }

    private RouteEndpoint EndpointOf(HttpFunction function)
    {
        var route = $"{prefix}/{function.Route}".TrimStart('/');
        var builder = new RouteEndpointBuilder(context => HandleAsync(function, context), Parse(function, route), order: 0)
        {
            DisplayName = function.Definition.Name,
        };
        builder.Metadata.Add(function);
        if (function.Methods.Count > 0)
        {
            builder.Metadata.Add(new HttpMethodMetadata(function.Methods));
        }

        return (RouteEndpoint)builder.Build();
    }

    private static RoutePattern Parse(HttpFunction function, string route)
    {
        try
        {
            return RoutePatternFactory.Parse(route);
        }
        catch (RoutePatternException exception)
        {
            throw new StartException($"Function '{function.Definition.Name}' has the route '{route}', which is none: {exception.Message}");
        }
    }

    private async Task HandleAsync(HttpFunction function, HttpContext context)
    {
        if (!keys.Allows(function.Definition, context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (function.IsDisabled)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        try
        {
            var arguments = new Dictionary<string, object> { [function.Definition.Trigger.Name] = context };
            await jobs.CallAsync(function.Definition.Name, arguments, end.Token);
        }
        catch (Exception exception)
        {
            if (context.Features.Get<HttpForwarding.Exchange>() is { } exchange)
            {
                await exchange.EndAsync();
            }

            Answer(context, exception);
        }
    }

    private static void Answer(HttpContext context, Exception exception)
    {
        if (context.Response.HasStarted)
        {
            // Too late for a status: the caller must see that this is not the whole answer.
            context.Abort();
            return;
        }

        var status = exception switch
        {
            FunctionTimeoutException => StatusCodes.Status500InternalServerError,
            { InnerException: WorkerLostException } => StatusCodes.Status502BadGateway,
            // What could not be forwarded has its status already.
            _ => Math.Max(context.Response.StatusCode, StatusCodes.Status500InternalServerError),
        };
        context.Response.Clear();
        context.Response.StatusCode = status;
    }
}
