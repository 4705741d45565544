using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.LocalHost.Tests.App;

public sealed class SlowSteps(Once once)
{
    [Function("Steps")]
    public static async Task<string> Steps([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>("Step");

    [Function("Step")]
    public async Task<string> Step([ActivityTrigger] FunctionContext context) => $"{await once.RunAsync()} run";
}
