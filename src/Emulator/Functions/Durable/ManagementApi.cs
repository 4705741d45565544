using System.Globalization;
using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Http;
using DurableTask.Core.Exceptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Functions.Durable;

/// <summary>The durable extension's HTTP API for orchestrations, under <see cref="WebhookAddress.Path"/>. It asks for a system key where keys are on.</summary>
internal sealed class ManagementApi(DurableRuntime runtime, FunctionCatalog catalog, FunctionKeys keys, TimeProvider time) : IHostEndpoints
{
    private const string Instance = WebhookAddress.Path + "/instances/{instanceId}";

    private DurableTaskClient Client => runtime.Client;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(WebhookAddress.Path + "/orchestrators/{name}/{instanceId?}", Guarded(StartAsync));
        endpoints.MapGet(WebhookAddress.Path + "/instances", Guarded(ListAsync));
        endpoints.MapDelete(WebhookAddress.Path + "/instances", Guarded(PurgeManyAsync));
        endpoints.MapGet(Instance, Guarded(StatusAsync));
        endpoints.MapDelete(Instance, Guarded(PurgeAsync));
        endpoints.MapPost(Instance + "/raiseEvent/{eventName}", Guarded(RaiseEventAsync));
        endpoints.MapPost(Instance + "/terminate", Guarded(http => ChangeAsync(http, (id, reason) => Client.TerminateInstanceAsync(id, reason, http.RequestAborted))));
        endpoints.MapPost(Instance + "/suspend", Guarded(http => ChangeAsync(http, (id, reason) => Client.SuspendInstanceAsync(id, reason, http.RequestAborted))));
        endpoints.MapPost(Instance + "/resume", Guarded(http => ChangeAsync(http, (id, reason) => Client.ResumeInstanceAsync(id, reason, http.RequestAborted))));
        endpoints.MapPost(Instance + "/rewind", Guarded(RewindAsync));
        endpoints.MapPost(Instance + "/restart", Guarded(RestartAsync));
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["instanceId"]!;

    private static Task ProblemAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { Message = message }, ManagementJson.Options, http.RequestAborted);
    }

    private static bool Flag(HttpContext http, string name, bool otherwise) => bool.TryParse(http.Request.Query[name], out var value) ? value : otherwise;

    private static DateTimeOffset? Moment(HttpContext http, string name) =>
        DateTimeOffset.TryParse(http.Request.Query[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value : null;

    private static TimeSpan? Seconds(HttpContext http, string name) =>
        double.TryParse(http.Request.Query[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? TimeSpan.FromSeconds(value) : null;

    private RequestDelegate Guarded(RequestDelegate next) => http =>
    {
        if (keys.Allows(http.Request, AuthorizationLevel.System, null))
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    };

    private async Task StartAsync(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        if (catalog.Find(TriggerKind.Orchestration, name) is null)
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, $"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function.");
            return;
        }

        if (!ManagementJson.TryParse(await ManagementJson.ReadAsync(http), out var input))
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, "The body is not JSON.");
            return;
        }

        string id;
        try
        {
            id = await Client.ScheduleNewOrchestrationInstanceAsync(
                name,
                input,
                new Microsoft.DurableTask.StartOrchestrationOptions(http.Request.RouteValues["instanceId"] as string),
                http.RequestAborted);
        }
        catch (OrchestrationAlreadyExistsException error)
        {
            await ProblemAsync(http, StatusCodes.Status409Conflict, error.Message);
            return;
        }
        catch (ArgumentException error)
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, error.Message);
            return;
        }

        if (Seconds(http, "timeout") is { } timeout && await EndsWithinAsync(id, timeout) is { } ended)
        {
            await ManagementJson.WriteAsync(http, StatusCodes.Status200OK, ended.SerializedOutput);
            return;
        }

        await AcceptAsync(http, id);
    }

    private async Task<OrchestrationMetadata?> EndsWithinAsync(string id, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        try
        {
            return await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private Task AcceptAsync(HttpContext http, string id)
    {
        var payload = WebhookAddress.Payload($"{http.Request.Scheme}://{http.Request.Host}", id, runtime.Webhooks.Query);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = payload.StatusQueryGetUri;
        http.Response.Headers.RetryAfter = "10";
        return http.Response.WriteAsJsonAsync(payload, ManagementJson.Options, http.RequestAborted);
    }

    private async Task StatusAsync(HttpContext http)
    {
        if (await Client.GetInstanceAsync(Id(http), getInputsAndOutputs: true, http.RequestAborted) is not { } status)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!status.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            http.Response.Headers.Location = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}{http.Request.QueryString}";
            http.Response.Headers.RetryAfter = "5";
        }
        else if (status.RuntimeStatus == OrchestrationRuntimeStatus.Failed && Flag(http, "returnInternalServerErrorOnFailure", false))
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        await http.Response.WriteAsJsonAsync(ManagementJson.Status(status, Flag(http, "showInput", true)), ManagementJson.Options, http.RequestAborted);
    }

    private async Task ListAsync(HttpContext http)
    {
        if (!TryStatuses(http, out var statuses))
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, $"runtimeStatus must be a list of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}.");
            return;
        }

        var query = new OrchestrationQuery(
            CreatedFrom: Moment(http, "createdTimeFrom"),
            CreatedTo: Moment(http, "createdTimeTo"),
            Statuses: statuses,
            InstanceIdPrefix: http.Request.Query["instanceIdPrefix"] is [{ Length: > 0 } prefix] ? prefix : null,
            PageSize: int.TryParse(http.Request.Query["top"], NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top > 0 ? top : OrchestrationQuery.DefaultPageSize,
            FetchInputsAndOutputs: true,
            ContinuationToken: http.Request.Headers["x-ms-continuation-token"] is [{ Length: > 0 } token] ? token : null);
        var showInput = Flag(http, "showInput", true);
        await foreach (var page in Client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, query.PageSize))
        {
            http.Response.Headers["x-ms-continuation-token"] = page.ContinuationToken ?? string.Empty;
            await http.Response.WriteAsJsonAsync(page.Values.Select(status => ManagementJson.Status(status, showInput)), ManagementJson.Options, http.RequestAborted);
            return;
        }

        await http.Response.WriteAsJsonAsync(Array.Empty<object>(), ManagementJson.Options, http.RequestAborted);
    }

    private static bool TryStatuses(HttpContext http, out List<OrchestrationRuntimeStatus>? statuses)
    {
        statuses = null;
        foreach (var text in http.Request.Query["runtimeStatus"].SelectMany(value => (value ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (!Enum.TryParse<OrchestrationRuntimeStatus>(text, ignoreCase: true, out var status))
            {
                return false;
            }

            (statuses ??= []).Add(status);
        }

        return true;
    }

    private async Task PurgeAsync(HttpContext http) =>
        await PurgedAsync(http, await Client.PurgeInstanceAsync(Id(http), (PurgeInstanceOptions?)null, http.RequestAborted));

    private async Task PurgeManyAsync(HttpContext http)
    {
        if (Moment(http, "createdTimeFrom") is not { } from)
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, "createdTimeFrom is required: a time such as 2026-01-31T00:00:00Z.");
            return;
        }

        if (!TryStatuses(http, out var statuses))
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, $"runtimeStatus must be a list of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}.");
            return;
        }

        await PurgedAsync(http, await Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(from, Moment(http, "createdTimeTo"), statuses), (PurgeInstanceOptions?)null, http.RequestAborted));
    }

    private static Task PurgedAsync(HttpContext http, PurgeResult result)
    {
        if (result.PurgedInstanceCount == 0)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return http.Response.WriteAsJsonAsync(new { instancesDeleted = result.PurgedInstanceCount }, ManagementJson.Options, http.RequestAborted);
    }

    private async Task RaiseEventAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, "Only application/json request content is supported.");
            return;
        }

        if (!ManagementJson.TryParse(await ManagementJson.ReadAsync(http), out var payload))
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, "The body is not JSON.");
            return;
        }

        await ChangeAsync(http, (id, _) => Client.RaiseEventAsync(id, (string)http.Request.RouteValues["eventName"]!, payload, http.RequestAborted));
    }

    /// <summary>404 for an unknown instance, 410 for one that has ended, else 202.</summary>
    private async Task ChangeAsync(HttpContext http, Func<string, string?, Task> change)
    {
        var status = await Client.GetInstanceAsync(Id(http), http.RequestAborted);
        if (status is null or { IsCompleted: true })
        {
            http.Response.StatusCode = status is null ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
            return;
        }

        try
        {
            await change(status.InstanceId, http.Request.Query["reason"]);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (InvalidOperationException error)
        {
            // Suspending what is suspended and the like.
            await ProblemAsync(http, StatusCodes.Status400BadRequest, error.Message);
        }
    }

    private async Task RewindAsync(HttpContext http)
    {
        var status = await Client.GetInstanceAsync(Id(http), http.RequestAborted);
        if (status is null || (status.IsCompleted && status.RuntimeStatus != OrchestrationRuntimeStatus.Failed))
        {
            http.Response.StatusCode = status is null ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
            return;
        }

        try
        {
            await Client.RewindInstanceAsync(status.InstanceId, http.Request.Query["reason"].ToString(), http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (InvalidOperationException error)
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, error.Message);
        }
    }

    private async Task RestartAsync(HttpContext http)
    {
        try
        {
            await AcceptAsync(http, await Client.RestartAsync(Id(http), Flag(http, "restartWithNewInstanceId", true), http.RequestAborted));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, error.Message);
        }
    }
}
