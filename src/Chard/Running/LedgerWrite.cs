using Azure.Data.Tables;

namespace Chard.Running;

/// <summary>One row on its way to the table, and who waits for it.</summary>
internal sealed class LedgerWrite(TableTransactionAction action, int bytes)
{
    private readonly TaskCompletionSource<string?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What to do.</summary>
    public TableTransactionAction Action { get; } = action;

    /// <summary>What it adds to a transaction's body at most, in bytes.</summary>
    public int Bytes { get; } = bytes;

    /// <summary>The row's new version; null if it lost a race.</summary>
    public Task<string?> Done => _done.Task;

    public string RowKey => Action.Entity.RowKey;

    public void Wrote(string version) => _done.TrySetResult(version);

    public void Lost() => _done.TrySetResult(null);

    public void Failed(Exception exception) => _done.TrySetException(exception);
}
