using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Invocation;
using Chard.Emulator.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Queues;

/// <summary>A listener for each queue-triggered function.</summary>
internal sealed class QueueTriggers(
    FunctionCatalog catalog,
    QueueClients clients,
    FunctionInvoker invoker,
    OutputSender outputs,
    HostActivity activity,
    HostSettings settings,
    IServiceProvider services,
    ILoggerFactory loggers)
{
    private readonly List<QueueListener> listeners = [];

    public IReadOnlyList<QueueListener> Listeners => listeners;

    /// <summary>Creates the queues that are missing and starts to look at them.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var function in catalog.Of(TriggerKind.Queue))
        {
            var trigger = (QueueTriggerAttribute)function.Trigger;
            var queue = clients.Queue(trigger.QueueName, trigger.Connection);
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellation);
            var poison = queue.Name.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal)
                ? null
                : clients.Queue(queue.Name + QueueNames.PoisonSuffix, trigger.Connection);
            listeners.Add(new QueueListener(
                queue,
                poison,
                settings.HostJson.Queues,
                (message, token) => InvokeAsync(function, message, token),
                loggers.CreateLogger("Host.Queues")));
        }

        foreach (var listener in listeners)
        {
            listener.Start();
        }
    }

    /// <summary>Takes no more messages and waits for those under way. What the host's hard stop interrupts shows up again later.</summary>
    public Task StopAsync() => Task.WhenAll(listeners.Select(listener => listener.DisposeAsync().AsTask()));

    /// <summary>Takes no more messages and touches none of those under way: they show up again when their time is over.</summary>
    public Task AbandonAsync() => Task.WhenAll(listeners.Select(listener => listener.AbandonAsync()));

    private async Task InvokeAsync(FunctionDescriptor function, Azure.Storage.Queues.Models.QueueMessage message, CancellationToken lost)
    {
        using var running = activity.Begin();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(activity.Stopped, lost);
        if (settings.HostJson.FunctionTimeout is { } limit)
        {
            cancellation.CancelAfter(limit);
        }

        await using var context = new HostFunctionContext(function, services, message, QueueBinders.Data(message), cancellation.Token);
        await invoker.InvokeAsync(context);
        await outputs.SendAsync(context, cancellation.Token);
    }
}
