using Chard.Platform;
using Microsoft.DurableTask.Client;

namespace Chard.Limits;

/// <summary>Frees permits that nobody will give back, and tells offers that got lost: one query of the engine if there are none.</summary>
public sealed class LimitSweep(LimitReview review) : IClockWork
{
    /// <inheritdoc/>
    public string Name => "SweepLimits";

    /// <summary>Five seconds.</summary>
    public TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken) => review.RunAsync(client, cancellationToken);
}
