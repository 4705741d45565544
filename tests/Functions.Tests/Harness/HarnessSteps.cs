using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Harness;

/// <summary>Two steps, one after the other.</summary>
public static class HarnessSteps
{
    [Function("HarnessSteps")]
    public static async Task<string> Steps([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        string first = await context.CallActivityAsync<string>("HarnessNote", "1");
        return $"{first} {await context.CallActivityAsync<string>("HarnessNote", "2")}";
    }
}
