using Azure.Storage.Queues.Models;
using Chard.Calls;
using Chard.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace Chard.Functions.Tests.Routes;

/// <summary>The queue's functions with trouble that a test asks for.</summary>
public sealed class TroubledSlowTask(IServiceProvider services, SlowTroubles troubles)
{
    private readonly RunSlowTask _real = ActivatorUtilities.CreateInstance<RunSlowTask>(services);

    [Function(nameof(RunSlowTask) + "__Troubled")]
    public async Task RunAsync(
        [QueueTrigger(StorageNames.SlowTaskQueueTrigger)] QueueMessage message, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        troubles.Deliveries++;
        if (troubles.Failures-- > 0)
        {
            throw new TimeoutException("storage is away");
        }

        // Told to a client that nobody listens to, the event is lost.
        await _real.RunAsync(message, troubles.LostEvents-- > 0 ? new Mock<DurableTaskClient>("deaf").Object : client, cancellationToken);
    }

    [Function("PoisonedSlowTask__Troubled")]
    public async Task RunPoisonedAsync(
        [QueueTrigger(StorageNames.PoisonedSlowTaskQueueTrigger)] QueueMessage message, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await _real.RunPoisonedAsync(message, client, cancellationToken);
        troubles.Poisoned++;
    }
}

/// <summary>What goes wrong, and how often. Used for one message at a time.</summary>
public sealed class SlowTroubles
{
    public int Deliveries { get; set; }

    /// <summary>Messages that the host gave up and whose failure was told.</summary>
    public int Poisoned { get; set; }

    /// <summary>Deliveries that fail before anything is done.</summary>
    public int Failures { get; set; }

    /// <summary>Events that are lost after the task has ended.</summary>
    public int LostEvents { get; set; }
}
