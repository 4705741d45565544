using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.LocalHost.Tests.App;

public static class Greetings
{
    [Function("Greet")]
    public static string Greet([ActivityTrigger] string name) => $"Hello {name}";

    [Function("GreetAll")]
    public static async Task<string> GreetAll([OrchestrationTrigger(Orchestration = "greet")] TaskOrchestrationContext context, Name input)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, input.Times).Select(_ => context.CallActivityAsync<string>("Greet", input.First)));
        return await context.CallActivityAsync<string>("Join", all);
    }

    [Function("Join")]
    public static string Join([ActivityTrigger] string[] parts, string instanceId) => $"{string.Join(", ", parts)} from {instanceId}";

    [Function("Describe")]
    public static async Task<string> Describe([OrchestrationTrigger] TaskOrchestrationContext context, Name input) =>
        (await context.CallActivityAsync<object>("Same", JsonSerializer.SerializeToElement(input))).ToString()!;

    [Function("Same")]
    public static object Same([ActivityTrigger] JsonElement input) => input;

    [Function("Through")]
    public static async Task<string> Through([OrchestrationTrigger] TaskOrchestrationContext context, JsonElement input) =>
        ((JsonElement?)await context.CallActivityAsync<object?>("Same", input))?.GetRawText() ?? "null";

    [Function("AsksNobody")]
    public static async Task<string> AsksNobody([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string?>("Nothing") ?? "null";

    [Function("Nothing")]
    public static string? Nothing([ActivityTrigger] FunctionContext context) => null;

    [Function("Catches")]
    public static async Task<string> Catches([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync("ThrowsTwo");
            return "nothing";
        }
        catch (TaskFailedException error)
        {
            return $"{error.FailureDetails} <- {error.FailureDetails.InnerFailure}";
        }
    }

    [Function("ThrowsTwo")]
    public static void ThrowsTwo([ActivityTrigger] FunctionContext context) =>
        throw new InvalidOperationException("outer", new FormatException("inner"));

    [Function("Waits")]
    public static async Task<string> Waits([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>("Greet", await context.WaitForExternalEvent<string>("go"));
}
