using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Starts;

/// <summary>
/// Schedules the orchestrators of recorded workflows, and makes up for what a crash left behind. Scheduling an instance twice does
/// no harm: the engine refuses an id that it knows, and one that runs again finds its row final and does nothing
/// (<see cref="BeginWorkflow"/>).
/// </summary>
public sealed partial class WorkflowScheduler(
    IWorkflowStatusStore store, StartInputs inputs, TimeProvider time, ILogger<WorkflowScheduler> logger)
{
    /// <summary>How long whoever claimed a start has to schedule it before another may: 5 seconds.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    private static readonly OrchestrationRuntimeStatus[] AnyStatus =
        [.. Unfinished, OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>Schedules the orchestrator of a workflow whose row has just been written or claimed.</summary>
    /// <param name="state">The workflow.</param>
    /// <param name="start">Its start.</param>
    /// <param name="client">The engine.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="replaceEnded">True to put it in the place of an instance of the same id that has ended.</param>
    /// <returns>Null if it was scheduled; else the instance of this id that the engine had already.</returns>
    /// <exception cref="PermanentTaskException">The input is no longer there.</exception>
    public async Task<OrchestrationMetadata?> ScheduleAsync(
        WorkflowState state, WorkflowStart start, DurableTaskClient client, CancellationToken cancellationToken, bool replaceEnded = false)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(client);
        JsonElement? input = await inputs.ReadAsync(start, cancellationToken);
        StartOrchestrationOptions options = new StartOrchestrationOptions(state.Id, state.StartAt)
        {
            Tags = StartRecord.Of(state, start.RequestHash).ToTags(),
        }.WithDedupeStatuses(replaceEnded ? Unfinished : AnyStatus);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(start.Orchestrator, input, options, cancellationToken);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Backends refuse a second start by exceptions of their own; the instance itself tells whether that was it.
            if (await client.GetInstanceAsync(state.Id, cancellationToken) is not { } instance)
            {
                throw;
            }

            return instance;
        }
    }

    /// <summary>Schedules a workflow that was recorded and never scheduled; else does nothing. True if it scheduled.</summary>
    public async Task<bool> MakeUpForAsync(WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(client);
        if (state.Status != WorkflowStatus.Queued || await client.GetInstanceAsync(state.Id, cancellationToken) is not null)
        {
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (await store.TryClaimStartAsync(state.Id, now - Lease, now, cancellationToken) is not { } start)
        {
            return false;
        }

        try
        {
            await ScheduleAsync(state, start, client, cancellationToken);
        }
        catch (PermanentTaskException e)
        {
            // Storage has lost or spoilt the input: nobody but who started it could give it again, so they are told.
            LogInputLost(logger, e, state.Id);
            await store.UpdateAsync(new(state.Id, WorkflowStatus.Failed, Error: WorkflowErrors.From(e)), cancellationToken);
            return false;
        }

        LogMadeUp(logger, state.Id);
        return true;
    }

    [LoggerMessage(EventId = 101, EventName = "StartMadeUpFor", Level = LogLevel.Warning,
        Message = "Workflow {WorkflowId} was recorded and never scheduled; scheduled it now")]
    private static partial void LogMadeUp(ILogger logger, string workflowId);

    [LoggerMessage(EventId = 102, EventName = "StartInputLost", Level = LogLevel.Error,
        Message = "Workflow {WorkflowId} was recorded and never scheduled, and its input cannot be read any more: it has failed")]
    private static partial void LogInputLost(ILogger logger, Exception exception, string workflowId);
}
