namespace Chard.Emulator.DurableTask;

/// <summary>What an orchestrator asks for. The numbers are stored.</summary>
internal enum ActionKind : byte
{
    CallActivity = 1,
    CreateTimer = 2,
    CallChild = 3,
    SendEvent = 4,
    SendToEntity = 5,
}

/// <summary>One thing a turn asked for. A replay has to ask for it again: same id, kind and name.</summary>
internal sealed class OrchestratorAction
{
    public required ActionKind Kind { get; init; }

    public required int Id { get; init; }

    /// <summary>The activity, child or event by name; the operation of an entity.</summary>
    public string? Name { get; init; }

    public string? Version { get; init; }

    /// <summary>UTF-8 of the JSON; null for no value.</summary>
    public byte[]? Input { get; init; }

    /// <summary>The instance a message goes to, or the child's id.</summary>
    public string? Target { get; init; }

    /// <summary>When a timer is due, or a delayed signal, in UTC ticks.</summary>
    public long DueTicks { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>For <see cref="ActionKind.SendToEntity"/>: what the entity gets. It is in the recipient's row, so the sender's history keeps only the name.</summary>
    public HistoryEvent? Message { get; init; }

    /// <summary>The action as an error message names it.</summary>
    public override string ToString() => Name is null ? $"{Kind} #{Id}" : $"{Kind} '{Name}' #{Id}";
}
