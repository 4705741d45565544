using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Chard.LocalHost.Tests.App;

public static class Counters
{
    [Function("Counter")]
    public static Task Dispatch([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Counter>();

    [Function("Count")]
    public static async Task<int> Count([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var id = new EntityInstanceId("Counter", "a");
        await context.Entities.CallEntityAsync<int>(id, "Add", 2);
        return await context.Entities.CallEntityAsync<int>(id, "add", 3);
    }
}
