using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Starts;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>
/// Makes a status row agree with its orchestration where a crash, an operator of the engine or the engine itself has come between
/// them. Called at the read of a row that has not changed for <see cref="IWorkflowRepair.StaleAfter"/>, and by the sweep.
/// </summary>
public sealed partial class WorkflowRepair(
    WorkflowStates states,
    IWorkflowStatusStore store,
    WorkflowScheduler scheduler,
    WorkflowControl control,
    TimeProvider time,
    ILogger<WorkflowRepair> logger) : IWorkflowRepair
{
    /// <summary>
    /// How long after a pause its instances are looked at again: what one began as it was being
    /// suspended runs on until then. 1 minute.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<WorkflowState> CheckAsync(WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(client);
        DateTimeOffset now = time.GetUtcNow();
        if (WorkflowTransitions.IsFinal(state.Status))
        {
            return state;
        }

        bool overdue = state.IsOverdue(now);
        if (!overdue && now - state.UpdatedAt < IWorkflowRepair.StaleAfter)
        {
            return state;
        }

        OrchestrationMetadata? instance = await client.GetInstanceAsync(state.Id, cancellationToken);
        if (overdue && instance is not { IsCompleted: true })
        {
            return (await control.ExpireAsync(state.Id, client, cancellationToken))?.State ?? state;
        }

        if (instance is null && state.Status == WorkflowStatus.Queued)
        {
            await scheduler.MakeUpForAsync(state, client, cancellationToken);
            return state;
        }

        if (instance is { IsCompleted: false })
        {
            return await FollowSuspensionAsync(state, instance, client, cancellationToken);
        }

        return await EndAsync(state.Id, client, cancellationToken) ?? state;
    }

    /// <summary>The row of an orchestration that is over: the report of its end was lost, or never made.</summary>
    private async Task<WorkflowState?> EndAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? instance = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken);
        WorkflowUpdate? update = instance?.RuntimeStatus switch
        {
            null =>
                new(id, WorkflowStatus.Failed, Error: new("instance-lost", "The workflow's orchestration was purged before it had ended.")),
            OrchestrationRuntimeStatus.Completed => Completed(id, instance.SerializedOutput),
            OrchestrationRuntimeStatus.Failed => new(id, WorkflowStatus.Failed, Error: instance.FailureDetails is { } details
                ? WorkflowErrors.From(details)
                : new(WorkflowErrors.Unhandled, "The orchestration failed.")),
            OrchestrationRuntimeStatus.Terminated =>
                new(id, WorkflowStatus.Cancelled, Error: new("terminated", "The orchestration was terminated from outside.")),
            _ => null,
        };
        if (update is null)
        {
            return null;
        }

        WorkflowState state = await states.UpdateAsync(update, client, cancellationToken);
        LogRepaired(logger, id, WorkflowRows.StatusText(state.Status));
        return state;
    }

    /// <summary>An instance suspended or resumed past the API: the row says what is.</summary>
    private async Task<WorkflowState> FollowSuspensionAsync(
        WorkflowState state, OrchestrationMetadata instance, DurableTaskClient client, CancellationToken cancellationToken)
    {
        bool suspended = instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended;
        if (state.Status == WorkflowStatus.Paused
            && (instance.RuntimeStatus == OrchestrationRuntimeStatus.Running || time.GetUtcNow() - state.UpdatedAt < Settling))
        {
            // Paused by an operator whose process died before the engine heard of it, or by one whom the engine was too slow for.
            await control.HoldAsync(state.Id, client, cancellationToken);
        }

        if (!suspended || state.Status is not (WorkflowStatus.Running or WorkflowStatus.Parked))
        {
            return state;
        }

        // Only if the row is still the one that was compared: it may have been paused and resumed since, and the instance seen in between.
        WorkflowChange? change = await store.ChangeAsync(
            state.Id, s => s.Version == state.Version ? WorkflowTransitions.Pause(s, time.GetUtcNow()) : s, cancellationToken);
        return change?.State ?? state;
    }

    /// <summary>
    /// What <c>TrackAsync</c> would have reported: a reference to a payload of the
    /// workflow's own stands for what it names.
    /// </summary>
    private static WorkflowUpdate Completed(string id, string? output)
    {
        JsonElement? result = output is null ? null : JsonElement.Parse(output);
        return PayloadReference.From(result) is { } reference && reference.Blob.StartsWith(id + "/", StringComparison.Ordinal)
            ? new(id, WorkflowStatus.Completed, ResultReference: reference)
            : new(id, WorkflowStatus.Completed, Result: result);
    }

    [LoggerMessage(EventId = 120, EventName = "StatusRepaired", Level = LogLevel.Warning,
        Message = "Workflow {WorkflowId} had ended without a report; its status is {Status} now")]
    private static partial void LogRepaired(ILogger logger, string workflowId, string status);
}
