using System.Reflection;
using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>What the host answers besides functions: <c>/</c> and <c>/admin/host/status</c>.</summary>
internal sealed class HostPages(FunctionCatalog catalog, FunctionKeys keys) : IHostEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        if (catalog.Of(TriggerKind.Http).All(function => ((HttpTriggerAttribute)function.Trigger).Route is not ("" or "/")))
        {
            endpoints.MapGet("/", HomeAsync);
        }

        endpoints.MapGet("/admin/host/status", StatusAsync);
        endpoints.MapGet("/admin/host/ping", http => Task.CompletedTask);
    }

    private static Task HomeAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync("The Functions app is up and running.\n", http.RequestAborted);
    }

    private Task StatusAsync(HttpContext http)
    {
        if (!keys.Allows(http.Request, AuthorizationLevel.Admin, null))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        return http.Response.WriteAsJsonAsync(
            new
            {
                id = Assembly.GetEntryAssembly()?.GetName().Name?.ToLowerInvariant() ?? "app",
                state = "Running",
                version = "4.0.0-chard-emulator",
                processUptime = Environment.TickCount64,
                functionCount = catalog.Functions.Count,
            },
            http.RequestAborted);
    }
}
