using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>
/// Looks after workflows that have not ended, a bounded number each time and all of them in turn: schedules what a crash left unscheduled,
/// ends what is over, repairs rows that their orchestrations no longer agree with.
/// </summary>
public sealed partial class WorkflowSweep(
    IWorkflowStatusStore store,
    IWorkflowRepair repair,
    WorkflowControl control,
    SweepCursor cursor,
    StorageNames names,
    ILogger<WorkflowSweep> logger)
{
    /// <summary>Most workflows looked at in one run.</summary>
    public const int MaxPerRun = 100;

    /// <summary>Every two seconds.</summary>
    /// <exception cref="InvalidOperationException">The host works on another task hub than the app: by its instances no
    /// row could be judged.</exception>
    [Function("SweepWorkflows")]
    public async Task RunAsync(
        [TimerTrigger("*/2 * * * * *", UseMonitor = false)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!string.Equals(client.Name, names.Hub, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"The host works on task hub '{client.Name}', the app on '{names.Hub}': extensions.durableTask.hubName is not "
                    + "the same for both.");
        }

        ActiveWorkflows active = await store.GetActiveAsync(cursor.Workflows, MaxPerRun, cancellationToken);
        foreach (string id in active.Ids)
        {
            try
            {
                await LookAfterAsync(id, client, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One workflow that cannot be looked after must not keep the others from it; the next round tries again.
                LogFailed(logger, e, id);
            }
        }

        cursor.Workflows = active.Cursor;
    }

    private async Task LookAfterAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(id, cancellationToken) is not { } state)
        {
            return;
        }

        state = await repair.CheckAsync(state, client, cancellationToken);
        if (state.Status is WorkflowStatus.Cancelled or WorkflowStatus.Expired)
        {
            await control.FinishEndingAsync(state, client, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 121, EventName = "SweepFailed", Level = LogLevel.Error,
        Message = "Could not look after workflow {WorkflowId}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string workflowId);
}

/// <summary>Where the next sweep goes on. A restart begins a new round.</summary>
public sealed class SweepCursor
{
    /// <summary>Of workflows; null to begin a round.</summary>
    public string? Workflows { get; set; }
}
