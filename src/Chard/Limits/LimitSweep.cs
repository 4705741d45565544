using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Limits;

/// <summary>Frees permits that nobody will give back, and tells offers that got lost.</summary>
public sealed class LimitSweep(LimitReview review)
{
    /// <summary>Every five seconds.</summary>
    [Function("SweepLimits")]
    public Task RunAsync(
        [TimerTrigger("*/5 * * * * *", UseMonitor = false)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        review.RunAsync(client, cancellationToken);
}
