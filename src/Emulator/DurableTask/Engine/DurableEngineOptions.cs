using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace Chard.Emulator.DurableTask;

/// <summary>What a start does with an instance id that exists, when the start itself does not say.</summary>
public enum DedupeBehavior
{
    /// <summary>An unfinished instance refuses the start; a finished one is overwritten. As the Functions host does.</summary>
    RefuseUnfinished,

    /// <summary>Whatever has the id is replaced, also while it runs. As the SDK's own in-process test host does.</summary>
    ReplaceAll,
}

/// <summary>How a <see cref="DurableEngine"/> keeps its history and runs its work.</summary>
public sealed class DurableEngineOptions
{
    /// <summary>The SQLite file of the history, made on first use with its folder; null keeps the history in memory.</summary>
    public string? HistoryPath { get; set; }

    /// <summary>A history in memory to share with the engine that comes after this one. Regarded when <see cref="HistoryPath"/> is null; null then means one that ends with the engine.</summary>
    public MemoryHistory? Memory { get; set; }

    /// <summary>All time the engine knows: turns, timers, timestamps. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Turns inputs and results into JSON and back. A <see cref="JsonDataConverter"/> works on UTF-8 without a detour through text.</summary>
    public DataConverter DataConverter { get; set; } = JsonDataConverter.Default;

    /// <summary>Activities that run at once; at least 1. Default 10 a core.</summary>
    public int MaxConcurrentActivities { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestration and entity turns that run at once; at least 1. Default 10 a core.</summary>
    public int MaxConcurrentOrchestrators { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>Replays every turn from history instead of keeping live instances: finds code that is not deterministic.</summary>
    public bool ForceReplay { get; set; }

    /// <summary>Whether orchestrators and clients may use entities, and ids must not begin with '@'.</summary>
    public bool EntitiesEnabled { get; set; } = true;

    /// <summary>What a start does with an id that exists, unless the start says which states protect it.</summary>
    public DedupeBehavior DuplicateStarts { get; set; }

    /// <summary>The version that starts and sub-orchestrations get when they name none. Default none.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>Longest timer that is one timer; longer ones are chained. More than zero. Default 3 days.</summary>
    public TimeSpan MaximumTimerInterval { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Live instances kept in memory between turns; the longest idle go first and are replayed when needed. Default 50,000.</summary>
    public int MaxCachedInstances { get; set; } = 50_000;

    /// <summary>Above this size of the managed heap, in bytes, half of the idle live instances are dropped. Default a quarter of the memory the process may use.</summary>
    public long CacheMemoryLimitBytes { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>What to tell of an exception besides type, message and stack, as failure properties.</summary>
    public Func<Exception, IDictionary<string, object?>?>? ExceptionProperties { get; set; }

    /// <summary>Faults on demand, for tests.</summary>
    public EngineFaults? Faults { get; set; }

    internal void Validate()
    {
        Require(MaxConcurrentActivities >= 1, nameof(MaxConcurrentActivities), "must be at least 1");
        Require(MaxConcurrentOrchestrators >= 1, nameof(MaxConcurrentOrchestrators), "must be at least 1");
        Require(MaxCachedInstances >= 0, nameof(MaxCachedInstances), "must not be negative");
        Require(CacheMemoryLimitBytes > 0, nameof(CacheMemoryLimitBytes), "must be more than zero");
        Require(MaximumTimerInterval > TimeSpan.Zero, nameof(MaximumTimerInterval), "must be more than zero");
    }

    private static void Require(bool holds, string name, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(DurableEngineOptions)}.{name} {rule}.");
        }
    }
}
