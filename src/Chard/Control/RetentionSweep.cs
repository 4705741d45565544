using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Payloads;
using Chard.Platform;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>
/// Lets go of what ended long ago: workflows with all that belongs to them, and resolved dead letters that no workflow takes along. It
/// asks each partition of their lists for what is due, a bounded number of requests a run, until a round is over; the next round begins
/// an hour later, and a run in between asks nothing. Where a round is stays in memory: a restart begins a new one.
/// </summary>
public sealed partial class RetentionSweep(
    EndedWorkflows ended,
    WorkflowDeletion deletion,
    DeadLetterDeletion letters,
    IDeadLetterStore letterStore,
    IWorkflowStatusStore workflows,
    IPayloadStore payloads,
    RetentionSettings settings,
    TimeProvider time,
    ILogger<RetentionSweep> logger) : IClockWork
{
    /// <summary>From the end of a round to the beginning of the next: an hour.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Requests after which a run begins nothing more.</summary>
    public const int MaxRequests = 600;

    /// <summary>Most workflows or dead letters of one page.</summary>
    public const int PageSize = 50;

    private const int AtOnce = 8;

    // So many of one run that cannot be deleted are no matter of theirs.
    private const int MaxFailures = 10;

    // What is due of one list and partition, after a row key.
    private readonly IReadOnlyList<(EndedList? Workflows, string Partition)> _lists =
    [
        .. EndedWorkflows.Partitions.Select(p => ((EndedList?)EndedList.Ended, p)),
        .. EndedWorkflows.Partitions.Select(p => ((EndedList?)EndedList.Failed, p)),
        .. DeadLetterDeletion.Partitions.Select(p => ((EndedList?)null, p)),
    ];

    private DateTimeOffset _notBefore;
    private int _list;
    private string? _after;

    /// <inheritdoc/>
    public string Name => "SweepRetention";

    /// <summary>15 seconds.</summary>
    public TimeSpan Every { get; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() < _notBefore)
        {
            return;
        }

        var budget = new RequestBudget(MaxRequests);
        int failures = 0;
        while (_list < _lists.Count)
        {
            if (!budget.TrySpend() || failures >= MaxFailures)
            {
                return;
            }

            IReadOnlyList<Item> page = await ReadAsync(cancellationToken);
            int unfinished = 0;
            await Parallel.ForEachAsync(
                page, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (item, token) =>
                {
                    try
                    {
                        if (budget.IsSpent || !await item.Delete(client, budget, token))
                        {
                            Interlocked.Increment(ref unfinished);
                        }
                    }
                    catch (Exception e) when (!token.IsCancellationRequested)
                    {
                        // One that cannot be deleted must not keep the others; the next round tries again.
                        Interlocked.Increment(ref failures);
                        LogFailed(logger, e, item.Id);
                    }
                });
            if (unfinished > 0)
            {
                return; // the next run reads the same page, without what is gone
            }

            (_list, _after) = page.Count == PageSize ? (_list, page[^1].RowKey) : (_list + 1, null);
        }

        (_list, _after, _notBefore) = (0, null, time.GetUtcNow() + Pause);
    }

    private async Task<IReadOnlyList<Item>> ReadAsync(CancellationToken cancellationToken)
    {
        (EndedList? list, string partition) = _lists[_list];
        DateTimeOffset now = time.GetUtcNow();
        if (list is not { } workflowList)
        {
            IReadOnlyList<ResolvedDeadLetter> resolved = await letters.ListResolvedAsync(
                partition, _after, now - settings.Letters, PageSize, cancellationToken);
            return [.. resolved.Select(letter => new Item(
                letter.Id, letter.RowKey, (_, budget, token) => DeleteAsync(letter, budget, token)))];
        }

        TimeSpan kept = workflowList == EndedList.Failed ? settings.Failed : settings.Ended;
        IReadOnlyList<EndedWorkflow> due = await ended.ListAsync(
            workflowList, partition, _after, now - kept, PageSize, cancellationToken);
        return [.. due.Select(workflow => new Item(
            workflow.Id, workflow.RowKey, (client, budget, token) => DeleteAsync(workflow, client, budget, token)))];
    }

    /// <summary>False if more requests are needed than this run has.</summary>
    private async Task<bool> DeleteAsync(
        EndedWorkflow due, DurableTaskClient client, RequestBudget budget, CancellationToken cancellationToken)
    {
        DeletionOutcome outcome = await deletion.DeleteAsync(
            due.Id, due.CreatedAt, due.IsRequested, client, budget, cancellationToken);
        switch (outcome.Result)
        {
            case DeletionResult.Unfinished:
                return !budget.IsSpent; // else somebody else is at it

            case DeletionResult.Unknown:
                if (await deletion.DeleteLeftoversAsync(due.Id, client, budget, cancellationToken))
                {
                    await ended.DropAsync(due, cancellationToken);
                }

                return true;

            case DeletionResult.Another:
                await ended.DropAsync(due, cancellationToken);
                return true;

            default:
                return true;
        }
    }

    private async Task<bool> DeleteAsync(ResolvedDeadLetter due, RequestBudget budget, CancellationToken cancellationToken)
    {
        budget.Spend(2);
        if (await letterStore.GetAsync(due.Id, cancellationToken) is not { } letter
            || (letter.WorkflowId is { } id && await workflows.GetAsync(id, cancellationToken) is not null))
        {
            // It is gone, or goes with its workflow.
            await letters.DropAsync(due, cancellationToken);
            return true;
        }

        if (letter.Origin == DeadLetterOrigin.Task || await payloads.DeleteAllAsync(letter.Id, PageSize, cancellationToken) < PageSize)
        {
            await letters.DeleteResolvedAsync(letter, budget, cancellationToken);
            return true;
        }

        return false;
    }

    private sealed record Item(
        string Id, string RowKey, Func<DurableTaskClient, RequestBudget, CancellationToken, Task<bool>> Delete);

    [LoggerMessage(EventId = 212, EventName = "RetentionFailed", Level = LogLevel.Error,
        Message = "Could not delete {Id}, which is kept longer than it should be")]
    private static partial void LogFailed(ILogger logger, Exception exception, string id);
}
