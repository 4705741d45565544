using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Starts a function on a schedule: NCRONTAB of six fields (second first) or five, or a TimeSpan between runs. The schedule may be <c>%SETTING%</c>.
/// Runs of one function never overlap.
/// </summary>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Runs the function each time the host starts.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Remembers the schedule across restarts, so that a missed run is noticed and made up for once. On by default.</summary>
    public bool UseMonitor { get; set; } = true;
}
