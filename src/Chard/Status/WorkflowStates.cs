using System.Text;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Status;

/// <summary>
/// The states of workflows, whatever storage lost of them: a row that is gone though the engine knows the workflow is made anew
/// from what the engine was told at the start (<see cref="StartRecord"/>), by whoever looks for it first. Azurite writes its tables
/// to disk every few seconds, so a machine that stops may leave an engine that knows more than they do.
/// </summary>
public sealed partial class WorkflowStates(
    IWorkflowStatusStore store, StartInputs inputs, IPayloadStore payloads, TimeProvider time, ILogger<WorkflowStates> logger)
{
    /// <summary>The state of a workflow; null if neither storage nor the engine knows the id.</summary>
    public async Task<WorkflowState?> FindAsync(string id, DurableTaskClient client, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken)
        ?? (await RestoreAsync(id, client, cancellationToken) ? await store.GetAsync(id, cancellationToken) : null);

    /// <summary>
    /// Changes a state as <see cref="IWorkflowStatusStore.ChangeAsync"/> does; null if neither storage nor the engine knows the id.
    /// </summary>
    public async Task<WorkflowChange?> ChangeAsync(
        string id, Func<WorkflowState, WorkflowState?> decide, DurableTaskClient client, CancellationToken cancellationToken) =>
        await store.ChangeAsync(id, decide, cancellationToken)
        ?? (await RestoreAsync(id, client, cancellationToken) ? await store.ChangeAsync(id, decide, cancellationToken) : null);

    /// <summary>A report that can be kept as it is: a result above 32 KiB goes to the payload store.</summary>
    public async Task<WorkflowUpdate> CheckInAsync(WorkflowUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.Result is { } result
            && Encoding.UTF8.GetBytes(result.GetRawText()) is { Length: > WorkflowStart.MaxInlineBytes } utf8
            ? update with { Result = null, ResultReference = await payloads.WriteAsync(update.Id, "result", utf8, cancellationToken) }
            : update;
    }

    /// <summary>
    /// Applies a report and returns the state that holds now. A result above 32 KiB goes to the payload store.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The workflow was never started.</exception>
    public async Task<WorkflowState> UpdateAsync(WorkflowUpdate update, DurableTaskClient client, CancellationToken cancellationToken)
    {
        update = await CheckInAsync(update, cancellationToken);
        try
        {
            return await store.UpdateAsync(update, cancellationToken);
        }
        catch (KeyNotFoundException)
        {
            if (!await RestoreAsync(update.Id, client, cancellationToken))
            {
                throw;
            }

            return await store.UpdateAsync(update, cancellationToken);
        }
    }

    /// <inheritdoc cref="IWorkflowStatusStore.TryJoin(string, Func{WorkflowState, WorkflowState?})"/>
    internal WorkflowJoin? TryJoin(string id, Func<WorkflowState, WorkflowState?> decide) => store.TryJoin(id, decide);

    /// <summary>
    /// As <see cref="UpdateAsync"/>, to be written together with rows of the ledger, if this process remembers the state.
    /// </summary>
    internal async Task<WorkflowJoin?> TryJoinAsync(WorkflowUpdate update, CancellationToken cancellationToken) =>
        store.TryJoin(await CheckInAsync(update, cancellationToken));

    /// <summary>Brings a row that has just been written up to an instance that was there before it; gives the state that holds.</summary>
    public async Task<WorkflowState?> FollowAsync(OrchestrationMetadata instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        DateTimeOffset now = time.GetUtcNow();
        WorkflowChange? change = await store.ChangeAsync(
            instance.InstanceId,
            state => HasBegun(state, instance, now) ? WorkflowTransitions.Apply(state, new(state.Id, WorkflowStatus.Running), now) : state,
            cancellationToken);
        return change?.State;
    }

    /// <summary>Makes the row of a workflow that the engine knows. True if there is one now.</summary>
    private async Task<bool> RestoreAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        OrchestrationMetadata? instance = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken);
        if (instance is null || StartRecord.In(id, instance.Tags) is not { } record)
        {
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        WorkflowStart start = await inputs.KeepAsync(
            id, new(record.RequestHash, instance.Name, now), Encoding.UTF8.GetBytes(instance.SerializedInput ?? "null"), cancellationToken);

        // No version of the lost row may come again with another content: a reader that knows one would take the two for the same.
        // It is old enough for whoever reads it next to compare it with the instance.
        WorkflowState state = record.ToState(version: now.ToUnixTimeSeconds()) with { UpdatedAt = now - IWorkflowRepair.StaleAfter };
        if (HasBegun(state, instance, now))
        {
            state = state with { Status = WorkflowStatus.Running, StartedAt = state.StartAt ?? state.CreatedAt };
        }

        if (await store.TryAddAsync(state, start, cancellationToken))
        {
            LogRestored(logger, id);
        }

        return true;
    }

    private static bool HasBegun(WorkflowState state, OrchestrationMetadata instance, DateTimeOffset now) =>
        state.Status == WorkflowStatus.Queued && instance.RuntimeStatus != OrchestrationRuntimeStatus.Pending && !(state.StartAt > now);

    [LoggerMessage(EventId = 122, EventName = "StatusRestored", Level = LogLevel.Warning,
        Message = "Workflow {WorkflowId} had no status row, and the engine knew it: its row is made anew")]
    private static partial void LogRestored(ILogger logger, string workflowId);
}
