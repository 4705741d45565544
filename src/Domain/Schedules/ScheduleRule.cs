namespace Chard.Domain.Schedules;

/// <summary>A schedule as it is set.</summary>
/// <param name="Name">Its name (<see cref="ScheduleName"/>).</param>
/// <param name="CronText">The cron expression.</param>
/// <param name="Cron">The same, read, in its time zone.</param>
/// <param name="TimeZone">Id of the time zone.</param>
/// <param name="CatchUp">What becomes of missed ticks.</param>
/// <param name="IsEnabled">False if it does not run at present.</param>
/// <param name="Start">The document of what a tick starts, JSON.</param>
public sealed record ScheduleRule(
    string Name,
    string CronText,
    ScheduleCron Cron,
    string TimeZone,
    CatchUp CatchUp,
    bool IsEnabled,
    string Start)
{
    /// <summary>
    /// Tells which ticks there are. Where it is another than before, the ticks in between never were this
    /// schedule's, so none of them was missed.
    /// </summary>
    public string Timing => IsEnabled ? $"{CronText} {TimeZone}" : "off";
}
