using Chard.KillApp.Shapes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace Chard.KillApp;

/// <summary>What the kill test asks of the app.</summary>
internal static class LoadApi
{
    /// <summary>How many numbers <see cref="Gatherings.Collect"/> waits for.</summary>
    private const int Numbers = 4;

    /// <summary><c>GET /api/health</c></summary>
    [Function(nameof(Health))]
    public static IResult Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) => Results.Ok();

    /// <summary>
    /// <c>POST /api/load/{batch}</c>: starts one instance of each shape, with ids <c>{shape}-{batch}</c> and the batch's number as the
    /// input.
    /// </summary>
    [Function(nameof(Start))]
    public static async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "load/{batch:int}")] HttpRequest request, int batch,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        IReadOnlyList<(string Name, object Input)> shapes =
        [
            (nameof(Sequences.Chain), batch), (nameof(Sequences.Retries), batch), (nameof(Sequences.Timers), batch),
            (nameof(Sequences.Loop), new LoopState(batch, 0)),
            (nameof(Gatherings.FanOut), batch), (nameof(Gatherings.Family), batch), (nameof(Gatherings.Talk), batch),
            (nameof(Gatherings.Collect), Numbers),
            (nameof(Accounts.Count), batch), (nameof(Accounts.Transfer), batch),
        ];
        string[] ids = await Task.WhenAll(shapes.Select(shape =>
            client.ScheduleNewOrchestrationInstanceAsync(shape.Name, shape.Input, new StartOrchestrationOptions($"{shape.Name}-{batch}"))));
        return Results.Ok(ids);
    }

    /// <summary><c>POST /api/numbers/{id}/{number}</c>: raises the event that <see cref="Gatherings.Collect"/> waits for.</summary>
    [Function(nameof(Raise))]
    public static async Task<IResult> Raise(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "numbers/{id}/{number:int}")] HttpRequest request, string id, int number,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            await client.RaiseEventAsync(id, "number", number);
        }
        catch (Exception) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // An instance that has completed has this number: the answer that said so was lost.
            if (await client.GetInstanceAsync(id) is not { IsCompleted: true })
            {
                throw;
            }
        }

        return Results.Accepted();
    }

    /// <summary><c>GET /api/instances</c>: every instance with its state, and its result if it has completed.</summary>
    [Function(nameof(List))]
    public static async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "instances")] HttpRequest request,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var found = new List<object>();
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(
            new OrchestrationQuery { FetchInputsAndOutputs = true, PageSize = 1000 }))
        {
            found.Add(new { id = instance.InstanceId, status = instance.RuntimeStatus.ToString(), output = instance.SerializedOutput });
        }

        return Results.Ok(found);
    }

    /// <summary><c>GET /api/counters/{key}</c>: the number of an entity, 0 if it is not there.</summary>
    [Function(nameof(Number))]
    public static async Task<IResult> Number(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "counters/{key}")] HttpRequest request, string key,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        EntityMetadata<int>? entity = await client.Entities.GetEntityAsync<int>(new EntityInstanceId(nameof(Accounts.Counter), key));
        return Results.Ok(entity?.State ?? 0);
    }
}
