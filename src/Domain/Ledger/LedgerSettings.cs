namespace Chard.Domain.Ledger;

/// <summary>Times of the ledger.</summary>
public sealed record LedgerSettings
{
    /// <summary>
    /// How long a run is taken to be alive after its last sign of life. Renewed at a third of it, so it bounds how long a crash
    /// delays a task, not how long a task may run. Default 30 s.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a delivery looks for the end of another one before it tells its orchestrator to ask again later. Default 2 s.
    /// </summary>
    public TimeSpan DuplicateWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Shortest time between two writes of a task's progress. Default 2 s.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a task whose time limit has fired may go on before it is left behind. Default 30 s.</summary>
    public TimeSpan AbandonAfter { get; init; } = TimeSpan.FromSeconds(30);
}
