using Azure;
using Azure.Data.Tables;
using Chard.Domain.Ledger;
using Chard.Domain.Workflows;
using Chard.Platform;

namespace Chard.Status;

/// <summary>
/// A change of a workflow's state that has been decided and is to be written: alone, or together with rows of its ledger that share its
/// partition.
/// </summary>
public sealed class WorkflowJoin : IJointWrite
{
    private readonly KnownState _known;
    private readonly WorkflowResult? _result;
    private readonly RecentStates _recent;
    private readonly Action<WorkflowJoin> _told;
    private readonly string _write = WriteMark.New();

    /// <summary>A change, written by nobody yet.</summary>
    /// <param name="known">What it was decided on.</param>
    /// <param name="next">What it makes of it.</param>
    /// <param name="result">The result that goes with it.</param>
    /// <param name="recent">Learns of it.</param>
    /// <param name="told">Is told once it is written.</param>
    internal WorkflowJoin(
        KnownState known, WorkflowState next, WorkflowResult? result, RecentStates recent, Action<WorkflowJoin> told)
    {
        (_known, State, _result, _recent, _told) = (known, next, result, recent, told);
    }

    /// <summary>The state that holds once it is written.</summary>
    public WorkflowState State { get; }

    /// <summary>The state that it follows.</summary>
    internal WorkflowState Before => _known.State;

    /// <inheritdoc/>
    public void Found() => _told(this);

    /// <summary>Writes it, and rows beside it.</summary>
    /// <param name="writer">Sends it.</param>
    /// <param name="beside">Actions on other rows, so many and such that all fits into one transaction: else nothing is sent.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The versions of what is beside; null if nothing was written, unless the answer of the very write was lost: rows tell.
    /// </returns>
    internal async Task<IReadOnlyList<ETag>?> WriteAsync(
        TableWriter writer, IReadOnlyList<TableTransactionAction> beside, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> unit = [.. Actions(), .. beside];
        if (unit.Count > TableWriter.MaxRows || beside.Any(b => b.Entity.PartitionKey != unit[0].Entity.PartitionKey))
        {
            return null;
        }

        // As long as it is under way, and after a failure, nobody knows what holds.
        _recent.Drop(State.Id);
        while (true)
        {
            UnitOutcome outcome = await writer.WriteAsync(unit, cancellationToken);
            if (outcome.Versions is { } versions)
            {
                _recent.Keep(new(State, _known.RequestHash, versions[0]));
                _told(this);
                return [.. versions.Skip(unit.Count - beside.Count)];
            }

            if (unit[outcome.Refused].ActionType != TableTransactionActionType.Delete)
            {
                return null;
            }

            // What was to be deleted is not there.
            unit.RemoveAt(outcome.Refused);
        }
    }

    /// <summary>True if <paramref name="row"/> is what it wrote.</summary>
    internal bool Wrote(TableEntity row) => WriteMark.Is(row, _write);

    private IEnumerable<TableTransactionAction> Actions()
    {
        yield return new(
            TableTransactionActionType.UpdateReplace, WorkflowRows.State(State, _known.RequestHash, _write), _known.Version);
        foreach (TableEntity index in WorkflowRows.Indexes(State))
        {
            yield return new(TableTransactionActionType.UpsertReplace, index);
        }

        if (WorkflowRows.EndedKey(State) is { } ended)
        {
            yield return new(TableTransactionActionType.UpsertReplace, WorkflowRows.Ended(ended, State));
        }

        if (_result is not null)
        {
            yield return new(TableTransactionActionType.UpsertReplace, WorkflowRows.Result(State.Id, _result));
        }

        // What a user ended may have instances that still run: those are looked after until they have ended too.
        if (State.Status is WorkflowStatus.Completed or WorkflowStatus.Failed)
        {
            yield return TableDeletion.Of(WorkflowRows.Buckets.Of(State.Id), WorkflowRows.ActiveKey(State.Id));
        }
    }
}
