using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.Functions.Durable;

/// <summary>The durable extension's HTTP API for entities.</summary>
internal sealed class EntityApi(DurableRuntime runtime, FunctionCatalog catalog, FunctionKeys keys) : IHostEndpoints
{
    private const string Entity = WebhookAddress.Path + "/entities/{name}/{key}";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(WebhookAddress.Path + "/entities/{name?}", Guarded(ListAsync));
        endpoints.MapGet(Entity, Guarded(ReadAsync));
        endpoints.MapPost(Entity, Guarded(http => SignalAsync(http, http.Request.Query["op"].ToString())));
        endpoints.MapDelete(Entity, Guarded(http => SignalAsync(http, "delete")));
    }

    private static EntityInstanceId Id(HttpContext http) => new((string)http.Request.RouteValues["name"]!, (string)http.Request.RouteValues["key"]!);

    private RequestDelegate Guarded(RequestDelegate next) => http =>
    {
        if (keys.Allows(http.Request, AuthorizationLevel.System, null))
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    };

    private async Task ListAsync(HttpContext http)
    {
        var prefix = http.Request.RouteValues["name"] is string name ? $"@{name}@" : null;
        var all = new List<object>();
        await foreach (var entity in runtime.Client.Entities.GetAllEntitiesAsync(new EntityQuery { InstanceIdStartsWith = prefix ?? string.Empty, IncludeState = true }))
        {
            all.Add(new
            {
                entityId = new { name = entity.Id.Name, key = entity.Id.Key },
                lastOperationTime = ManagementJson.Seconds(entity.LastModifiedTime),
                state = ManagementJson.Value(entity.State.Value),
            });
        }

        await http.Response.WriteAsJsonAsync(all, ManagementJson.Options, http.RequestAborted);
    }

    private async Task ReadAsync(HttpContext http)
    {
        if (await runtime.Client.Entities.GetEntityAsync(Id(http), includeState: true, http.RequestAborted) is not { } entity)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await ManagementJson.WriteAsync(http, StatusCodes.Status200OK, entity.IncludesState ? entity.State.Value : null);
    }

    private async Task SignalAsync(HttpContext http, string operation)
    {
        if (catalog.Find(TriggerKind.Entity, Id(http).Name) is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!ManagementJson.TryParse(await ManagementJson.ReadAsync(http), out var input))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await runtime.Client.Entities.SignalEntityAsync(Id(http), operation, input, null, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
