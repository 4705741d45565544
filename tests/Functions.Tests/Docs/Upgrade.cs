using System.ComponentModel;
using Chard.Calls;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Abstractions;

namespace Chard.Functions.Tests.Docs.Upgrade;

// The C# of docs/how-to/upgrade.md, word by word.
public sealed record Invoice(string Number, string Customer, string Language = "en");

public interface IInvoices
{
    Task<bool> SendAsync(string number, string customer, string language, CancellationToken cancellationToken);
}

[Description("Sends an invoice.")]
public sealed class SendInvoice(IInvoices invoices) : ITask<Invoice, bool>
{
    public Task<bool> RunAsync(Invoice args, TaskContext context, CancellationToken cancellationToken) =>
        invoices.SendAsync(args.Number, args.Customer, args.Language, cancellationToken);
}

public static class BillCustomerOrchestrator
{
    [Function(nameof(BillCustomer))]
    public static Task<bool> BillCustomer([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<Invoice> input) =>
        context.TrackAsync(async () =>
        {
            if (TaskOrchestrationVersioningUtils.CompareVersions(context.Version, "1.1") >= 0)
            {
                await context.CallTaskAsync("CheckAddress", input.Args.Customer);
            }

            return await context.CallTaskAsync<bool>(nameof(SendInvoice), input.Args);
        });
}
