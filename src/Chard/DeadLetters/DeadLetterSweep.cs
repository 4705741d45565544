using Chard.Platform;
using Microsoft.DurableTask.Client;

namespace Chard.DeadLetters;

/// <summary>Delivers resolutions whose delivery a crash or an outage has come before.</summary>
public sealed class DeadLetterSweep(DeadLetterService service) : IClockWork
{
    /// <summary>Most resolutions delivered in one run.</summary>
    public const int MaxPerRun = 100;

    /// <inheritdoc/>
    public string Name => "SweepDeadLetters";

    /// <summary>Five seconds.</summary>
    public TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken) =>
        service.DeliverPendingAsync(MaxPerRun, client, cancellationToken);
}
