using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.DeadLetters;

/// <summary>Delivers resolutions whose delivery a crash or an outage has come before.</summary>
public sealed class DeadLetterSweep(DeadLetterService service)
{
    /// <summary>Most resolutions delivered in one run.</summary>
    public const int MaxPerRun = 100;

    /// <summary>Every five seconds.</summary>
    [Function("SweepDeadLetters")]
    public Task RunAsync(
        [TimerTrigger("*/5 * * * * *", UseMonitor = false)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        service.DeliverPendingAsync(MaxPerRun, client, cancellationToken);
}
