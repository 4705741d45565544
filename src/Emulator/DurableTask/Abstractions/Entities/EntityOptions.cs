namespace Microsoft.DurableTask.Entities;

/// <summary>Options of a call of an entity; there are none yet.</summary>
public record CallEntityOptions;

/// <summary>Options of a signal to an entity.</summary>
public record SignalEntityOptions
{
    /// <summary>The time not to deliver before; null delivers at once.</summary>
    public DateTimeOffset? SignalTime { get; init; }

    /// <summary>Options that deliver at a time.</summary>
    public static implicit operator SignalEntityOptions(DateTimeOffset value) => new() { SignalTime = value };
}
