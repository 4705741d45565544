using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Docs.OwnWorkflow;

// The C# of docs/how-to/own-workflow.md, word by word.
public sealed record PlaceOrderArgs(string Order, IReadOnlyList<string> Skus, string Card);

public sealed record PlacedOrder(string Order, string Parcel);

public static class PlaceOrderRules
{
    public static IReadOnlyList<JsonFault> Check(PlaceOrderArgs args) =>
        args.Skus is { Count: > 0 and <= 50 } ? [] : [new JsonFault("/skus", "An order has 1 to 50 products.")];
}

public static class PlaceOrderOrchestrator
{
    [Function(nameof(PlaceOrder))]
    public static Task<PlacedOrder?> PlaceOrder(
        [OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<PlaceOrderArgs> input)
    {
        return context.TrackAsync(PlaceAsync);

        async Task<PlacedOrder> PlaceAsync()
        {
            PlaceOrderArgs order = input.Args;
            var undo = new Stack<string>();
            try
            {
                undo.Push("ReleaseStock");
                int reserved = await context.ChordAsync(
                    order.Skus.Select(sku => context.Signature<int>("ReserveStock", new { order.Order, sku })),
                    counts => context.CallTaskAsync<int>("ConfirmStock", new { order.Order, counts }));
                undo.Push("RefundOrder");
                await context.CallTaskAsync(
                    "TakePayment", new { order.Order, order.Card, reserved }, new() { IdempotencyKey = $"pay-{order.Order}" });
                string? parcel = await context.ChainAsync<string>(order.Order, "ChooseCarrier", "BookParcel");
                return new(order.Order, parcel ?? "");
            }
            catch (TaskExhaustedException)
            {
                foreach (string task in undo)
                {
                    await context.CallTaskAsync(task, order.Order, new() { OnExhausted = OnExhausted.Park });
                }

                throw;
            }
        }
    }
}

internal static class Setup
{
    public static void Add(ChardBuilder chard)
    {
        chard.AddWorkflow<PlaceOrderArgs>(
            nameof(PlaceOrderOrchestrator.PlaceOrder),
            ["ReserveStock", "ConfirmStock", "TakePayment", "ChooseCarrier", "BookParcel", "ReleaseStock", "RefundOrder"],
            PlaceOrderRules.Check);
    }
}
