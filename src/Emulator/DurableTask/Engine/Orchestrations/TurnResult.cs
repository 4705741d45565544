namespace Chard.Emulator.DurableTask;

/// <summary>How a turn left its execution.</summary>
internal enum TurnOutcome
{
    Waiting,
    Completed,
    Failed,
    ContinuedAsNew,
}

/// <summary>What a turn did, to be stored and let out.</summary>
internal sealed class TurnResult
{
    public required long Ticks { get; init; }

    /// <summary>Events that history has to have to play the turn again.</summary>
    public required List<HistoryEvent> Consumed { get; init; }

    public required List<OrchestratorAction> Actions { get; init; }

    public TurnOutcome Outcome { get; init; }

    /// <summary>Result, or message of a failure, or the next execution's input.</summary>
    public byte[]? Output { get; init; }

    public Failure? Failure { get; init; }

    public byte[]? CustomStatus { get; init; }

    public bool IsSuspended { get; init; }

    /// <summary>Events the next execution gets again.</summary>
    public List<HistoryEvent> Carried { get; init; } = [];

    public string? NextVersion { get; init; }

    /// <summary>Timers that the code gave up: nothing has to wake for them.</summary>
    public List<int> CancelledTimers { get; init; } = [];
}
