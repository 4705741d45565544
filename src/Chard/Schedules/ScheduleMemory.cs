using Azure;

namespace Chard.Schedules;

/// <summary>What is remembered of a schedule.</summary>
/// <param name="Handled">Up to when ticks are decided: started, or missed for good.</param>
/// <param name="LastTick">The last tick that was started; null before the first.</param>
/// <param name="Missed">How many ticks were not started since the schedule was first seen.</param>
/// <param name="Timing">The <see cref="Chard.Domain.Schedules.ScheduleRule.Timing"/> that this was written under.</param>
public sealed record ScheduleMemory(DateTimeOffset Handled, DateTimeOffset? LastTick, long Missed, string Timing)
{
    /// <summary>The row's version; decides between hosts.</summary>
    public ETag ETag { get; init; }
}
