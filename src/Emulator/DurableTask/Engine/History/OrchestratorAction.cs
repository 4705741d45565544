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
internal class OrchestratorAction
{
    public required ActionKind Kind { get; init; }

    public required int Id { get; init; }

    /// <summary>The activity, child or event by name; the operation of an entity.</summary>
    public string? Name { get; init; }

    public string? Version { get; init; }

    /// <summary>UTF-8 of the JSON; null for no value.</summary>
    public byte[]? Input { get; init; }

    /// <summary>The action as an error message names it.</summary>
    public override string ToString() => Name is null ? $"{Kind} #{Id}" : $"{Kind} '{Name}' #{Id}";
}

/// <summary>A timer.</summary>
internal sealed class TimerAction : OrchestratorAction
{
    /// <summary>When it is due, in UTC ticks.</summary>
    public required long DueTicks { get; init; }
}

/// <summary>A message, or a child, for another instance. What it carries is in the recipient's row; the sender's history keeps name and target.</summary>
internal sealed class SendAction : OrchestratorAction
{
    /// <summary>The instance the message goes to, or the child's id.</summary>
    public required string Target { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The message; null for a child, and in the past.</summary>
    public HistoryEvent? Message { get; init; }
}
