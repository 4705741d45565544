namespace Chard.DurableTask.Sqlite;

/// <summary>Where and how a <see cref="SqliteOrchestrationService"/> keeps its instances.</summary>
public sealed class SqliteStorageOptions
{
    /// <summary>
    /// The database file, made with its folder when it is not there. Null: everything lives in memory, see <see cref="Memory"/>.
    /// </summary>
    public string? File { get; set; }

    /// <summary>The store of a service without a file. Null: a store of its own, gone with the service.</summary>
    public MemoryStore? Memory { get; set; }

    /// <summary>SQLite's <c>synchronous</c>: FULL (default) survives a power cut, NORMAL and OFF survive the process only.</summary>
    public string Synchronous { get; set; } = "FULL";

    /// <summary>What tells the time. A <see cref="SkippingClock"/> lets idle time pass at once.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Faults that a test asks for; null: none.</summary>
    public EngineFaults? Faults { get; set; }

    /// <summary>Orchestrations that run at the same time. Half of them may be extended sessions.</summary>
    public int MaxConcurrentOrchestrations { get; set; } = 100;

    /// <summary>Activities that run at the same time.</summary>
    public int MaxConcurrentActivities { get; set; } = 100;

    /// <summary>Entities that run at the same time.</summary>
    public int MaxConcurrentEntities { get; set; } = 100;

    /// <summary>Operations that one entity takes in one turn. Null: as many as wait.</summary>
    public int? MaxEntityOperationBatchSize { get; set; } = 5000;

    /// <summary>How long an instance stays with a worker that waits for its next message. Zero (default): no extended sessions.</summary>
    public TimeSpan ExtendedSessionIdleTimeout { get; set; }

    /// <summary>
    /// Characters of history and messages kept in memory for instances that wait. Default 64 million; the least recently used go first.
    /// </summary>
    public long MaxCachedCharacters { get; set; } = 64_000_000;

    /// <summary>Pages of the database file, for tests of a full disk. Null: as many as the disk holds.</summary>
    internal long? MaxPages { get; set; }
}
