using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
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
    ILogger<WorkflowSweep> logger) : IClockWork
{
    /// <summary>Most workflows looked at in one run.</summary>
    public const int MaxPerRun = 100;

    // Where the next run goes on. In memory: a restart begins a new round.
    private string? _cursor;

    /// <inheritdoc/>
    public string Name => "SweepWorkflows";

    /// <summary>Every tick.</summary>
    public TimeSpan Every => TimeSpan.Zero;

    /// <inheritdoc/>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ActiveWorkflows active = await store.GetActiveAsync(_cursor, MaxPerRun, cancellationToken);
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

        _cursor = active.Cursor;
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
