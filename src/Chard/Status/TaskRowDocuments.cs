using System.Globalization;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;

namespace Chard.Status;

/// <summary>The rows of a workflow's tasks as the status shows them: a page of them, in the order of their positions.</summary>
public static class TaskRowDocuments
{
    /// <summary>Most rows of a page.</summary>
    public const int MaxRows = 1000;

    private static readonly IComparer<string> LastFirst = Comparer<string>.Create(static (a, b) => ComparePaths(b, a));

    /// <summary>
    /// Reads a page. Storage sorts positions as text and keeps them in several parts, so a page in their own order takes all
    /// rows of the workflow: a storage request for each thousand.
    /// </summary>
    /// <param name="ledger">Where the rows are.</param>
    /// <param name="workflow">The workflow.</param>
    /// <param name="limit">Most rows, up to <see cref="MaxRows"/>.</param>
    /// <param name="after">The page begins after this position: the continuation of the page before. Null for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<TaskRowPage> ReadAsync(
        ILedgerStore ledger, WorkflowState workflow, int limit, string? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(workflow);
        int total = 0;
        bool isMore = false;
        var page = new PriorityQueue<LedgerRow, string>(LastFirst);
        await foreach (LedgerRow row in ledger.ListAsync(workflow.Id, cancellationToken))
        {
            if (IsPack(row) && row.Status != LedgerStatus.Running)
            {
                continue;
            }

            total++;
            if (after is not null && ComparePaths(PathOf(row), after) <= 0)
            {
                continue;
            }

            if (page.Count < limit)
            {
                page.Enqueue(row, PathOf(row));
            }
            else
            {
                page.EnqueueDequeue(row, PathOf(row));
                isMore = true;
            }
        }

        var rows = new TaskRowDocument[page.Count];
        for (int i = rows.Length - 1; i >= 0; i--)
        {
            rows[i] = DocumentOf(page.Dequeue(), workflow);
        }

        return new(rows, total, isMore ? rows[^1].Path : null);
    }

    /// <summary>
    /// Positions in the order of the workflow: numbers as numbers, so that 10 comes after 9, and a
    /// pack 10-19 after its item 10.
    /// </summary>
    internal static int ComparePaths(string one, string other)
    {
        string[] left = one.Split('.');
        string[] right = other.Split('.');
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int order = NumberIn(left[i]).CompareTo(NumberIn(right[i]));
            order = order == 0 ? string.CompareOrdinal(left[i], right[i]) : order;
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>The number that a step of a path begins with; a word comes after all numbers.</summary>
    private static long NumberIn(ReadOnlySpan<char> step)
    {
        int end = step.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(end < 0 ? step : step[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : long.MaxValue;
    }

    /// <summary>True for the row of a pack whose tasks have rows too: once it has ended those say the same.</summary>
    private static bool IsPack(LedgerRow row) => row.Key.Path.StartsWith(LedgerRow.PackPrefix, StringComparison.Ordinal);

    /// <summary>The position that the row is about.</summary>
    internal static string PathOf(LedgerRow row) => IsPack(row) ? row.Key.Path[LedgerRow.PackPrefix.Length..] : row.Key.Path;

    /// <summary>The document of a row.</summary>
    internal static TaskRowDocument DocumentOf(LedgerRow row, WorkflowState workflow) => new(
        PathOf(row), row.Task, row.Status, row.Turn.Attempt, row.Turn.Generation, row.StartedAt, row.FinishedAt, row.Progress,
        row.Failure is { } failure ? new(failure.Code, failure.Message) : null,
        Stamps.Union(workflow.Stamps, row.Stamps));
}

/// <summary>A page of a workflow's tasks.</summary>
/// <param name="Rows">In the order of their positions.</param>
/// <param name="Total">How many tasks have begun by now, on this page and all others.</param>
/// <param name="Continuation">Where the next page begins; null at the end.</param>
public sealed record TaskRowPage(IReadOnlyList<TaskRowDocument> Rows, int Total, string? Continuation);

/// <summary>One task of a workflow; times are UTC.</summary>
public record TaskRowDocument(
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
