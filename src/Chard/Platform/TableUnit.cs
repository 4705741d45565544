using Azure;
using Azure.Data.Tables;

namespace Chard.Platform;

/// <summary>What goes to one partition together or not at all, on its way to the table, and who waits for it.</summary>
internal sealed class TableUnit
{
    private readonly TaskCompletionSource<UnitOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TableUnit(IReadOnlyList<TableTransactionAction> actions)
    {
        Actions = actions;
        foreach (TableTransactionAction action in actions)
        {
            Bytes += TableWriter.BytesOf(action);
        }
    }

    /// <summary>What to do, no row twice.</summary>
    public IReadOnlyList<TableTransactionAction> Actions { get; }

    /// <summary>What it adds to a transaction's body at most, in bytes.</summary>
    public int Bytes { get; }

    /// <summary>What became of it.</summary>
    public Task<UnitOutcome> Done => _done.Task;

    public string Partition => Actions[0].Entity.PartitionKey;

    public void Wrote(IReadOnlyList<ETag> versions) => _done.TrySetResult(new(versions, 0));

    /// <summary>It was not written: something that it asks of a row does not hold, or cannot.</summary>
    /// <param name="index">Of the action.</param>
    /// <param name="e">What the service said.</param>
    public void Refused(int index, RequestFailedException e)
    {
        // 409 a row is there, 412 it has another version, 404 it is gone: races, which whoever waits decides.
        if (e.Status is 409 or 412 or 404
            && e.ErrorCode is "EntityAlreadyExists"
                or "UpdateConditionNotSatisfied" or "ConditionNotMet" or "ResourceNotFound" or "EntityNotFound")
        {
            _done.TrySetResult(new(null, index));
        }
        else
        {
            Failed(e);
        }
    }

    public void Failed(Exception exception) => _done.TrySetException(exception);
}

/// <summary>What became of a unit.</summary>
/// <param name="Versions">The rows' versions by action, empty ones of what was deleted; null if nothing was written: some row was there,
/// was not, or had another version. That may be the unit's own doing, should an answer of the service have been lost: read to know.</param>
/// <param name="Refused">Index of the action that could not be done.</param>
public readonly record struct UnitOutcome(IReadOnlyList<ETag>? Versions, int Refused)
{
    /// <summary>True if all of it was written.</summary>
    public bool IsWritten => Versions is not null;
}
