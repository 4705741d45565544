using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Functions.Workflows;

/// <summary>
/// Schedules the orchestrators of recorded workflows, and makes up for what a crash left behind. Scheduling an instance twice does
/// no harm: an unfinished one is refused by the engine, and one that runs again finds its row final and does nothing (<see cref="BeginWorkflow"/>).
/// </summary>
public sealed partial class WorkflowScheduler(
    IWorkflowStatusStore store, IPayloadStore payloads, TimeProvider time, ILogger<WorkflowScheduler> logger)
{
    /// <summary>How long whoever claimed a start has to schedule it before another may: 5 seconds.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private static readonly OrchestrationRuntimeStatus[] AnyStatus =
    [
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    ];

    /// <summary>Schedules the orchestrator of a workflow whose row has just been written or claimed.</summary>
    public async Task ScheduleAsync(
        string id, WorkflowStart start, DateTimeOffset? startAt, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(client);
        JsonElement? input = start.Input ?? await ReadAsync(start.InputReference, cancellationToken);
        StartOrchestrationOptions options = new StartOrchestrationOptions(id, startAt).WithDedupeStatuses(AnyStatus);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(start.Orchestrator, input, options, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Backends refuse a second start by exceptions of their own; the instance itself tells whether that was it.
            if (await client.GetInstanceAsync(id, cancellationToken) is null)
            {
                throw;
            }
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

        await ScheduleAsync(state.Id, start, state.StartAt, client, cancellationToken);
        LogMadeUp(logger, state.Id);
        return true;
    }

    private async Task<JsonElement?> ReadAsync(PayloadReference? reference, CancellationToken cancellationToken)
    {
        if (reference is null)
        {
            return null;
        }

        await using Stream stream = await payloads.OpenReadAsync(reference, cancellationToken);
        return await JsonSerializer.DeserializeAsync<JsonElement>(stream, cancellationToken: cancellationToken);
    }

    [LoggerMessage(EventId = 101, EventName = "StartMadeUpFor", Level = LogLevel.Warning, Message = "Workflow {WorkflowId} was recorded and never scheduled; scheduled it now")]
    private static partial void LogMadeUp(ILogger logger, string workflowId);
}
