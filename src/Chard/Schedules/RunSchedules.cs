using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Schedules;

/// <summary>Looks for ticks that are due. Without one, a look touches no storage.</summary>
public sealed class RunSchedules(ScheduleRunner runner)
{
    /// <summary>Every two seconds, which is how late a tick is as a rule.</summary>
    [Function(nameof(RunSchedules))]
    public Task RunAsync(
        [TimerTrigger("*/2 * * * * *", UseMonitor = false)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        runner.RunAsync(client, cancellationToken);
}
