using Chard.Emulator.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Durable;

internal static class DurableNames
{
    /// <summary>The name the engine knows a durable function by: the trigger's, else the function's.</summary>
    public static string DurableName(this FunctionDescriptor function) => function.Trigger switch
    {
        OrchestrationTriggerAttribute { Orchestration: { Length: > 0 } name } => name,
        ActivityTriggerAttribute { Activity: { Length: > 0 } name } => name,
        EntityTriggerAttribute { EntityName: { Length: > 0 } name } => name,
        _ => function.Name,
    };
}
