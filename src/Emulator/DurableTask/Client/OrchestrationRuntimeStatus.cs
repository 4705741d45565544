namespace Microsoft.DurableTask.Client;

/// <summary>The state of an instance.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>Started.</summary>
    Running = 0,

    /// <summary>Ended well.</summary>
    Completed = 1,

    /// <summary>Not used.</summary>
    [Obsolete("The ContinuedAsNew status is obsolete and exists only for compatibility reasons.")]
    ContinuedAsNew = 2,

    /// <summary>Ended by an exception.</summary>
    Failed = 3,

    /// <summary>Not used.</summary>
    [Obsolete("The Canceled status is not currently used and exists only for compatibility reasons.")]
    Canceled = 4,

    /// <summary>Ended from outside.</summary>
    Terminated = 5,

    /// <summary>Taken, not yet started.</summary>
    Pending = 6,

    /// <summary>Held until it is resumed.</summary>
    Suspended = 7,
}
