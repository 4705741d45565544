using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Listeners;

namespace Chard.LocalHost.Functions;

/// <summary>What brings queue messages and timer ticks, so that it can be stopped while durable work goes on.</summary>
internal sealed class Listeners : IListenerDecorator, IDrainModeManager
{
    private readonly ConcurrentBag<Stoppable> independent = [];

    /// <summary>Listeners that stop let what they have begun finish.</summary>
    public bool IsDrainModeEnabled => true;

    public IListener Decorate(ListenerDecoratorContext context)
    {
        if (context.ListenerType.FullName!.Contains("DurableTask", StringComparison.Ordinal))
        {
            return context.Listener;
        }

        var stoppable = new Stoppable(context.Listener);
        independent.Add(stoppable);
        return stoppable;
    }

    public Task StopIndependentAsync() => Task.WhenAll(independent.Select(listener => listener.StopAsync(CancellationToken.None)));

    public void RegisterListener(IListener listener)
    {
    }

    public Task EnableDrainModeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A listener that is stopped once, whoever asks how often.</summary>
    private sealed class Stoppable(IListener inner) : IListener
    {
        private readonly Lock once = new();
        private Task? stopped;

        public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken)
        {
            lock (once)
            {
                return stopped ??= inner.StopAsync(cancellationToken);
            }
        }

        public void Cancel() => inner.Cancel();

        public void Dispose() => inner.Dispose();
    }
}
