using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.LocalHost.Tests.App;

public static class Flow
{
    [Function("Flow")]
    public static async Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        $"went {await context.WaitForExternalEvent<string>("go")}";

    [Function("FailsAtOnce")]
    public static Task Fails([OrchestrationTrigger] TaskOrchestrationContext context) => throw new InvalidOperationException("no {json}");

    [Function("Total")]
    public static Task Dispatch([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Total>();

    [Function("Begin")]
    public static async Task<HttpResponseData> Begin(
        [HttpTrigger("post")] HttpRequestData request, string id, [DurableClient] DurableTaskClient client)
    {
        await client.ScheduleNewOrchestrationInstanceAsync("Flow", new StartOrchestrationOptions(id));
        return await client.CreateCheckStatusResponseAsync(request, id);
    }

    [Function("Wait")]
    public static async Task<HttpResponseData> Wait([HttpTrigger("get")] HttpRequestData request, [DurableClient] DurableTaskClient client)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync("FailsAtOnce");
        await client.WaitForInstanceCompletionAsync(id);
        return await client.WaitForCompletionOrCreateCheckStatusResponseAsync(
            request, id, returnInternalServerErrorOnFailure: true, getInputsAndOutputs: true);
    }
}
