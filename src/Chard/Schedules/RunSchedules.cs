using Chard.Platform;
using Microsoft.DurableTask.Client;

namespace Chard.Schedules;

/// <summary>Looks for ticks that are due. Without one, a look touches no storage.</summary>
public sealed class RunSchedules(ScheduleRunner runner) : IClockWork
{
    /// <inheritdoc/>
    public string Name => nameof(RunSchedules);

    /// <summary>Every tick of the clock, which is how late a tick of a schedule is as a rule.</summary>
    public TimeSpan Every => TimeSpan.Zero;

    /// <inheritdoc/>
    public Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken) => runner.RunAsync(client, cancellationToken);
}
