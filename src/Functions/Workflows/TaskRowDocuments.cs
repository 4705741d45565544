using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;

namespace Chard.Functions.Workflows;

/// <summary>The rows of a workflow's tasks as the status shows them.</summary>
public static class TaskRowDocuments
{
    /// <summary>Most rows shown with a status; a wider workflow's rows are cut, and <c>progress</c> counts them all.</summary>
    public const int MaxRows = 1000;

    /// <summary>Up to <see cref="MaxRows"/> rows of a workflow, in order of their positions.</summary>
    public static async Task<IReadOnlyList<TaskRowDocument>> ReadAsync(ILedgerStore ledger, WorkflowState workflow, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(workflow);
        var rows = new List<TaskRowDocument>();
        await foreach (LedgerRow row in ledger.ListAsync(workflow.Id, cancellationToken))
        {
            rows.Add(new(
                row.Key.Path, row.Task, row.Status, row.Turn.Attempt, row.Turn.Generation, row.StartedAt, row.FinishedAt, row.Progress,
                row.Failure is { } failure ? new(failure.Code, failure.Message) : null,
                Stamps.Union(workflow.Stamps, row.Stamps)));
            if (rows.Count == MaxRows)
            {
                break;
            }
        }

        rows.Sort(static (a, b) => ComparePaths(a.Path, b.Path));
        return rows;
    }

    /// <summary>Positions in the order of the workflow: numbers as numbers, so that 10 comes after 9.</summary>
    internal static int ComparePaths(string one, string other)
    {
        string[] left = one.Split('.');
        string[] right = other.Split('.');
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int order = int.TryParse(left[i], out int a) && int.TryParse(right[i], out int b)
                ? a.CompareTo(b)
                : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}

/// <summary>One task of a workflow; times are UTC.</summary>
public sealed record TaskRowDocument(
    string Path,
    string Task,
    LedgerStatus Status,
    int Attempt,
    int Generation,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    TaskProgress? Progress,
    TaskRowFailure? Failure,
    IReadOnlyList<string> Stamps);

/// <summary>Why a task failed, or what it waits for.</summary>
public sealed record TaskRowFailure(string Code, string Message);
