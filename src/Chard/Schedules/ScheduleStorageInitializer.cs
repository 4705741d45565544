using Microsoft.Extensions.Hosting;

namespace Chard.Schedules;

/// <summary>
/// Makes the catalogue when the host starts, so that a wrong setting is told then, and its table if there is a schedule.
/// </summary>
public sealed class ScheduleStorageInitializer(ScheduleCatalogue schedules, TableScheduleStore store) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => schedules.Count == 0
        ? Task.CompletedTask
        : store.CreateAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
