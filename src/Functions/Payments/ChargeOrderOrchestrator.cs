using Chard.Calls;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Payments;

/// <summary>Charges an order, once however often anything is repeated.</summary>
public static class ChargeOrderOrchestrator
{
    [Function(nameof(ChargeOrder))]
    public static Task<ChargeOrderResult?> ChargeOrder(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        WorkflowInput<ChargeOrderArgs> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return context.TrackAsync(() => context.CallTaskAsync<ChargeOrderResult>(
            nameof(ChargeCard), input.Args, new() { IdempotencyKey = ChargeOrderRules.Key(input.Args) }));
    }
}
