using System.Collections.Concurrent;

namespace Chard.LocalHost.Tests.App;

/// <summary>Counts the runs of something slow, which ends when the gate opens.</summary>
public sealed class Once
{
    private int runs;

    public int Runs => Volatile.Read(ref runs);

    public ConcurrentQueue<string> Notes { get; } = new();

    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<int> RunAsync()
    {
        var run = Interlocked.Increment(ref runs);
        Begun.TrySetResult();
        await Gate.Task;
        return run;
    }
}
