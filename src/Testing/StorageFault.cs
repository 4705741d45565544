namespace Chard.Testing;

/// <summary>What happens to a storage call in place of an ordinary answer.</summary>
/// <param name="Status">The status that is answered; null: none is, and the connection breaks.</param>
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

    /// <summary>
    /// The call reaches the service and takes effect before the fault: what is lost is the answer. Off, the service never sees it.
    /// </summary>
    public bool IsApplied { get; init; }

    /// <summary>What is done before anything else; the call waits for it. A test kills its host here.</summary>
    public Func<StorageCall, Task>? First { get; init; }

    /// <summary>The service's own answer is given: nothing is wrong but what <see cref="First"/> does.</summary>
    public bool IsHarmless { get; private init; }

    /// <summary>The call is late.</summary>
    public static StorageFault Delay(TimeSpan time) => After(_ => Task.Delay(time, TimeProvider.System));

    /// <summary>The call goes through when something else is done.</summary>
    public static StorageFault After(Func<StorageCall, Task> first) => new(null, "Delayed") { First = first, IsHarmless = true };
}
