namespace Chard.Emulator.Testing;

/// <summary>What happens to a storage call in place of an ordinary answer.</summary>
/// <param name="Status">The status that is answered; null: the connection breaks and there is no answer.</param>
/// <param name="Code">The storage error code, such as ServerBusy.</param>
public sealed record StorageFault(int? Status, string Code)
{
    /// <summary>503 ServerBusy.</summary>
    public static StorageFault Busy { get; } = new(503, "ServerBusy");

    /// <summary>500 InternalError.</summary>
    public static StorageFault InternalError { get; } = new(500, "InternalError");

    /// <summary>500 OperationTimedOut.</summary>
    public static StorageFault TimedOut { get; } = new(500, "OperationTimedOut");

    /// <summary>412: somebody else has changed the entity or blob.</summary>
    public static StorageFault ConditionNotMet { get; } = new(412, "ConditionNotMet");

    /// <summary>The connection breaks.</summary>
    public static StorageFault NoAnswer { get; } = new(null, "NoAnswer");

    /// <summary>The call reaches the service and takes effect before the fault: what is lost is the answer. Off, the service never sees it.</summary>
    public bool IsApplied { get; init; }
}
