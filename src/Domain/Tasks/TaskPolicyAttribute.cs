namespace Chard.Domain.Tasks;

/// <summary>
/// Sets a task's policy where it differs from <see cref="TaskPolicy.Default"/>; units and bounds as
/// there. Configuration wins over it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskPolicyAttribute : Attribute
{
    /// <inheritdoc cref="TaskPolicy.Attempts"/>
    public int Attempts { get; set; } = TaskPolicy.Default.Attempts;

    /// <inheritdoc cref="TaskPolicy.FirstDelaySeconds"/>
    public double FirstDelaySeconds { get; set; } = TaskPolicy.Default.FirstDelaySeconds;

    /// <inheritdoc cref="TaskPolicy.Backoff"/>
    public double Backoff { get; set; } = TaskPolicy.Default.Backoff;

    /// <inheritdoc cref="TaskPolicy.MaxDelaySeconds"/>
    public double MaxDelaySeconds { get; set; } = TaskPolicy.Default.MaxDelaySeconds;

    /// <inheritdoc cref="TaskPolicy.Jitter"/>
    public double Jitter { get; set; } = TaskPolicy.Default.Jitter;

    /// <summary>As <see cref="TaskPolicy.RetryTimeoutSeconds"/>; 0 for no limit.</summary>
    public double RetryTimeoutSeconds { get; set; }

    /// <summary>As <see cref="TaskPolicy.TimeLimitSeconds"/>; 0 for no limit.</summary>
    public double TimeLimitSeconds { get; set; } = TaskPolicy.Default.TimeLimitSeconds ?? 0;

    /// <inheritdoc cref="TaskPolicy.MaxRateLimitWaits"/>
    public int MaxRateLimitWaits { get; set; } = TaskPolicy.Default.MaxRateLimitWaits;

    /// <inheritdoc cref="TaskPolicy.Route"/>
    public TaskRoute Route { get; set; }

    /// <inheritdoc cref="TaskPolicy.Limit"/>
    public string? Limit { get; set; }

    /// <inheritdoc cref="TaskPolicy.Ledger"/>
    public bool Ledger { get; set; } = true;

    /// <inheritdoc cref="TaskPolicy.Pure"/>
    public bool Pure { get; set; }

    /// <inheritdoc cref="TaskPolicy.Pack"/>
    public int Pack { get; set; } = TaskPolicy.Default.Pack;

    /// <inheritdoc cref="TaskPolicy.PackSeconds"/>
    public double PackSeconds { get; set; } = TaskPolicy.Default.PackSeconds;

    /// <inheritdoc cref="TaskPolicy.OnExhausted"/>
    public OnExhausted OnExhausted { get; set; }

    /// <inheritdoc cref="TaskPolicy.InDoubt"/>
    public InDoubt InDoubt { get; set; }

    /// <summary>The policy these values make.</summary>
    public TaskPolicy ToPolicy() => new()
    {
        Attempts = Attempts,
        FirstDelaySeconds = FirstDelaySeconds,
        Backoff = Backoff,
        MaxDelaySeconds = MaxDelaySeconds,
        Jitter = Jitter,
        RetryTimeoutSeconds = RetryTimeoutSeconds > 0 ? RetryTimeoutSeconds : null,
        TimeLimitSeconds = TimeLimitSeconds > 0 ? TimeLimitSeconds : null,
        MaxRateLimitWaits = MaxRateLimitWaits,
        Route = Route,
        Limit = Limit,
        Ledger = Ledger,
        Pure = Pure,
        Pack = Pack,
        PackSeconds = PackSeconds,
        OnExhausted = OnExhausted,
        InDoubt = InDoubt,
    };
}
