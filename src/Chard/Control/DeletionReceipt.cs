using Chard.Domain.Workflows;

namespace Chard.Control;

/// <summary>What went, by kind.</summary>
/// <param name="Payloads">Large arguments and results.</param>
/// <param name="LedgerRows">Rows of tasks.</param>
/// <param name="DeadLetters">Dead letters.</param>
/// <param name="Instances">Orchestrations of the engine, with their histories.</param>
/// <param name="IndexRows">Rows beside those of workflows and dead letters: places in lists, results.</param>
/// <param name="Workflow">Workflows' own rows: 1 once all else is gone.</param>
/// <param name="Others">What the app keeps of workflows itself, by its name.</param>
public sealed record DeletionReceipt(
    int Payloads, int LedgerRows, int DeadLetters, int Instances, int IndexRows, int Workflow, IReadOnlyDictionary<string, int> Others)
{
    /// <summary>Nothing.</summary>
    public static DeletionReceipt Nothing { get; } = new(0, 0, 0, 0, 0, 0, new Dictionary<string, int>());

    /// <summary>Both together.</summary>
    public static DeletionReceipt operator +(DeletionReceipt left, DeletionReceipt right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.Payloads + right.Payloads, left.LedgerRows + right.LedgerRows, left.DeadLetters + right.DeadLetters,
            left.Instances + right.Instances, left.IndexRows + right.IndexRows, left.Workflow + right.Workflow,
            left.Others.Concat(right.Others).GroupBy(o => o.Key, o => o.Value).ToDictionary(o => o.Key, o => o.Sum()));
    }
}

/// <summary>What became of a deletion.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Receipt">What went.</param>
/// <param name="Status">The workflow's status, where it was refused.</param>
/// <param name="Reason">Why it was refused; null if it was not.</param>
public sealed record DeletionOutcome(
    DeletionResult Result, DeletionReceipt Receipt, WorkflowStatus? Status = null, string? Reason = null);

/// <summary>How a deletion ended.</summary>
public enum DeletionResult
{
    /// <summary>Nothing of the workflow is left.</summary>
    Deleted,

    /// <summary>There is more of it than one run deletes, or somebody else is at it.</summary>
    Unfinished,

    /// <summary>It is in use, and was not touched.</summary>
    Refused,

    /// <summary>No workflow has the id.</summary>
    Unknown,

    /// <summary>The id belongs to another workflow by now.</summary>
    Another,
}
