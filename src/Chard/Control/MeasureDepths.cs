using Azure;
using Azure.Storage.Queues;
using Chard.DeadLetters;
using Chard.Platform;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>
/// Measures what waits, for the gauges: messages of the queues, and dead letters that a workflow waits for. Four requests a minute while
/// nothing is parked.
/// </summary>
public sealed class MeasureDepths(QueueServiceClient queues, StorageNames names, IDeadLetterStore letters, MeasuredDepths depths)
    : IClockWork
{
    private readonly Dictionary<string, QueueClient> _queues = new()
    {
        [TelemetryNames.StartsRoute] = queues.GetQueueClient(names.StartQueue),
        [TelemetryNames.SlowRoute] = queues.GetQueueClient(names.SlowTaskQueue),

        // Of an engine on Azure Storage; another one has none, and is not asked again.
        [TelemetryNames.FastRoute] = queues.GetQueueClient(names.WorkItemQueue),
    };

    /// <inheritdoc/>
    public string Name => "MeasureDepths";

    /// <summary>Every minute.</summary>
    public TimeSpan Every { get; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var waiting = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string route, QueueClient queue) in _queues.ToArray())
        {
            try
            {
                waiting[route] = (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCountLong;
            }
            catch (RequestFailedException e) when (e.Status == 404 && route == TelemetryNames.FastRoute)
            {
                _queues.Remove(route);
            }
        }

        depths.Set(waiting, await letters.CountParkedAsync(cancellationToken));
    }
}
