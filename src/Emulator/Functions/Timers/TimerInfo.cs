namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer-triggered function is told of its schedule.</summary>
public class TimerInfo
{
    /// <summary>Null where the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>The run was due while the host was down.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>Times of a schedule, as the host remembers them across restarts.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
