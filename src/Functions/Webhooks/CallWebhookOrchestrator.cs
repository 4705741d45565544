using Chard.Calls;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Webhooks;

/// <summary>Calls a webhook until its receiver has taken the call, or refuses it for good.</summary>
public static class CallWebhookOrchestrator
{
    /// <summary>The orchestrator. Neither a large payload nor a large answer is loaded into its history: they are passed on.</summary>
    [Function(nameof(CallWebhook))]
    public static Task<object?> CallWebhook([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<TaskValue> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return context.TrackAsync(async () =>
        {
            TaskValue answer = await context.CallTaskAsync<TaskValue>(nameof(PostWebhook), input.Args) ?? TaskValue.Null;
            return answer.Reference ?? (object)answer.ToElement();
        });
    }
}
