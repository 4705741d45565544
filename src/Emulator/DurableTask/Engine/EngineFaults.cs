using System.Collections.Concurrent;
using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// Faults that a test asks an engine for. A crashed engine is as dead as a process killed with -9: nothing after the crash takes
/// effect, its client throws <see cref="DurableEngineCrashedException"/>, and a new engine on the same history goes on.
/// Thread-safe. One object belongs to one engine.
/// </summary>
public sealed class EngineFaults
{
    private readonly TaskCompletionSource crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<TaskName, ResultFault> results = new();
    private long commits;
    private long crashBefore = -1;
    private long crashAfter = -1;

    private enum ResultFaultKind
    {
        Lose,
        Duplicate,
    }

    /// <summary>Commits so far. One commit may hold the turns of many instances.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Ends when the engine has crashed.</summary>
    public Task Crashed => crashed.Task;

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

    /// <summary>Delivers the results of the next activities of a name twice.</summary>
    public void DeliverTwice(TaskName activity, int times = 1) => results[activity] = new ResultFault(ResultFaultKind.Duplicate, times);

    /// <summary>Loses the results of the next activities of a name: the activity ran, and is run again, as after a lost message.</summary>
    public void LoseResult(TaskName activity, int times = 1) => results[activity] = new ResultFault(ResultFaultKind.Lose, times);

    internal bool IsCrashDueBefore() => Interlocked.Read(ref crashBefore) == Commits + 1;

    internal bool IsCrashDueAfter() => Interlocked.Increment(ref commits) == Interlocked.Read(ref crashAfter);

    internal void MarkCrashed() => crashed.TrySetResult();

    internal bool TakesResult(TaskName activity) => Take(activity, ResultFaultKind.Lose);

    internal bool RepeatsResult(TaskName activity) => Take(activity, ResultFaultKind.Duplicate);

    private bool Take(TaskName activity, ResultFaultKind kind) =>
        results.TryGetValue(activity, out var fault) && fault.Kind == kind && Interlocked.Decrement(ref fault.Left) >= 0;

    private sealed class ResultFault(ResultFaultKind kind, int times)
    {
        public int Left = times;

        public ResultFaultKind Kind { get; } = kind;
    }
}

/// <summary>The engine has crashed by a fault that a test asked for; what was called has not happened, or nobody can tell.</summary>
public sealed class DurableEngineCrashedException : Exception
{
    /// <summary>The usual message.</summary>
    public DurableEngineCrashedException()
        : base("The durable engine has crashed. Start a new one on the same history.")
    {
    }

    /// <summary>A message of one's own.</summary>
    public DurableEngineCrashedException(string message)
        : base(message)
    {
    }

    /// <summary>A message of one's own, and a cause.</summary>
    public DurableEngineCrashedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
