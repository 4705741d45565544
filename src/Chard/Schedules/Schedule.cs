using Chard.Domain.Schedules;
using Chard.Starts;

namespace Chard.Schedules;

/// <summary>A schedule and what it starts.</summary>
/// <param name="Rule">As it is set.</param>
/// <param name="Start">What a tick starts; has passed the checks of starts.</param>
public sealed record Schedule(ScheduleRule Rule, StartRequest Start)
{
    public string Name => Rule.Name;

    /// <summary>The start of one tick, the same in every host and at every look.</summary>
    public StartRequest StartOf(DateTimeOffset tick) => Start with { Id = ScheduleName.WorkflowIdOf(Name, tick) };
}
