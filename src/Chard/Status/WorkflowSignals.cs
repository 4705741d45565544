namespace Chard.Status;

/// <summary>
/// Wakes whoever waits in this process for a workflow's next change. Only a short cut: a change made by another instance of the
/// app is seen by the waiter's own look at the store. Workflows share a fixed number of signals, so a waiter may wake for nothing.
/// </summary>
public sealed class WorkflowSignals
{
    private const int Count = 256;

    private readonly TaskCompletionSource[] _signals = [.. Enumerable.Range(0, Count).Select(_ => NewSignal())];

    /// <summary>Completes at the next change after this call.</summary>
    public Task NextChange(string id) => Volatile.Read(ref _signals[IndexOf(id)]).Task;

    /// <summary>Tells that a workflow has changed.</summary>
    public void Notify(string id) => Interlocked.Exchange(ref _signals[IndexOf(id)], NewSignal()).SetResult();

    private static int IndexOf(string id) => (int)((uint)string.GetHashCode(id, StringComparison.Ordinal) % Count);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
