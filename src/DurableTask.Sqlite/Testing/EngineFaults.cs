using System.Collections.Concurrent;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// Faults that a test asks an engine for. A crashed engine is as dead as a process killed with -9: nothing after the crash takes effect,
/// its calls throw <see cref="EngineCrashedException"/>, and a new service on the same store goes on. Thread-safe. One object belongs to
/// one service.
/// </summary>
public sealed class EngineFaults
{
    private const long AnyCommit = long.MinValue;

    private readonly TaskCompletionSource crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, ResultFault> results = new(StringComparer.OrdinalIgnoreCase);
    private long commits;
    private long crashBefore = -1;
    private long crashAfter = -1;
    private bool hasCrashed;

    /// <summary>Commits so far that changed something. One may hold the turns of many instances.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Ends when the engine has crashed and its store is free for the next service.</summary>
    public Task Crashed => crashed.Task;

    /// <summary>True from the crash on, a moment before <see cref="Crashed"/>: what its callers were told meanwhile comes of it.</summary>
    public bool HasCrashed => Volatile.Read(ref hasCrashed);

    /// <summary>Crashes the engine in place of its n-th commit, counted from 1: what it held is lost.</summary>
    public void CrashBeforeCommit(long commit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commit, 1);
        Interlocked.Exchange(ref crashBefore, commit);
    }

    /// <summary>Crashes the engine right after its n-th commit, counted from 1: what it held is kept, and nobody was told.</summary>
    public void CrashAfterCommit(long commit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commit, 1);
        Interlocked.Exchange(ref crashAfter, commit);
    }

    /// <summary>Crashes the engine in place of its next commit, whenever that is.</summary>
    public void Crash() => Interlocked.Exchange(ref crashBefore, AnyCommit);

    /// <summary>Delivers the results of the next activities of a name twice.</summary>
    public void DeliverTwice(string activity, int times = 1) => results[activity] = new ResultFault(Lose: false, times);

    /// <summary>Loses the results of the next activities of a name: the activity ran, and is run again, as after a lost message.</summary>
    public void LoseResult(string activity, int times = 1) => results[activity] = new ResultFault(Lose: true, times);

    internal bool IsCrashDueBefore() =>
        Interlocked.Read(ref crashBefore) is var commit && (commit == AnyCommit || commit == Commits + 1) && BeginCrash();

    internal bool IsCrashDueAfter() => Interlocked.Increment(ref commits) == Interlocked.Read(ref crashAfter) && BeginCrash();

    internal void MarkCrashed() => crashed.TrySetResult();

    internal bool LosesResult(string activity) => Take(activity, lose: true);

    internal bool RepeatsResult(string activity) => Take(activity, lose: false);

    private bool BeginCrash()
    {
        Volatile.Write(ref hasCrashed, true);
        return true;
    }

    private bool Take(string activity, bool lose) =>
        results.TryGetValue(activity, out var fault) && fault.Lose == lose && Interlocked.Decrement(ref fault.Left) >= 0;

    private sealed class ResultFault(bool Lose, int times)
    {
        public int Left = times;

        public bool Lose { get; } = Lose;
    }
}
