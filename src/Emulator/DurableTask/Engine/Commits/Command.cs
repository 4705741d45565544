namespace Chard.Emulator.DurableTask;

/// <summary>A client's call: done when it is durable, or refused.</summary>
/// <param name="write">Writes, and gives the result or why the call is refused; a refusal has written nothing.</param>
internal sealed class Command<T>(Func<CommitBatch, (T Result, Exception? Refusal)> write) : ICommitOperation
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (T Result, Exception? Refusal) outcome;

    public Task<T> Task => completion.Task;

    public void Write(CommitBatch batch) => outcome = write(batch);

    public void Committed()
    {
        if (outcome.Refusal is { } refusal)
        {
            completion.TrySetException(refusal);
        }
        else
        {
            completion.TrySetResult(outcome.Result);
        }
    }

    public void Abandon(Exception reason) => completion.TrySetException(reason);
}
