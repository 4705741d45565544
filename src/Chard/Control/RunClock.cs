using Chard.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>The one timer of the app: runs every <see cref="IClockWork"/> that is due, side by side.</summary>
public sealed partial class RunClock(Clock clock, StorageNames names, ILogger<RunClock> logger)
{
    /// <summary>Every two seconds here, every 15 on Azure (<see cref="ClockPeriod"/>).</summary>
    /// <exception cref="InvalidOperationException">The host works on another task hub than the app: by its instances no
    /// row could be judged.</exception>
    /// <exception cref="AggregateException">Some of the works failed; the others have run.</exception>
    [Function(ClockPeriod.Function)]
    public async Task RunAsync(
        [TimerTrigger(ClockPeriod.Trigger, UseMonitor = false)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!string.Equals(client.Name, names.Hub, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"The host works on task hub '{client.Name}', the app on '{names.Hub}': extensions.durableTask.hubName is not "
                    + "the same for both.");
        }

        IReadOnlyList<ClockFailure> failures = await clock.TickAsync(client, cancellationToken);
        foreach (ClockFailure failure in failures)
        {
            LogFailed(logger, failure.Exception, failure.Work);
        }

        if (failures.Count > 0)
        {
            // So that the portal shows it as a failed execution.
            throw new AggregateException(
                $"Failed: {string.Join(", ", failures.Select(f => f.Work))}.", failures.Select(f => f.Exception));
        }
    }

    [LoggerMessage(EventId = 180, EventName = "ClockWorkFailed", Level = LogLevel.Error,
        Message = "{Work} failed; the next tick of the clock runs it again")]
    private static partial void LogFailed(ILogger logger, Exception exception, string work);
}
